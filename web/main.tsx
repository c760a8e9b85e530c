/** The dashboard: connects to the daemon that served it and shows what it says. */
import { effect } from '@preact/signals';
import { render } from 'preact';
import { connect, daemon, pauseStream, reconnectNow, resumeStream } from './state/daemon.ts';
import { theme } from './state/preferences.ts';
import { keepTitle } from './state/router.ts';
import { startTimeline } from './state/timeline.ts';
import { App } from './views/app.tsx';
import { listenToKeys } from './views/shortcuts.ts';

/** A tab in the background gives its connection back after a while. */
const hiddenMs = 30_000;
let pause: ReturnType<typeof setTimeout> | undefined;

document.addEventListener('visibilitychange', () => {
  clearTimeout(pause);
  if (document.visibilityState === 'visible') {
    resumeStream();
    reconnectNow();
  } else {
    pause = setTimeout(pauseStream, hiddenMs);
  }
});
addEventListener('online', reconnectNow);

effect(() => {
  document.documentElement.dataset['theme'] = theme.value;
});

keepTitle(() => daemon.value?.hostname ?? 'Supervisor');
listenToKeys();
startTimeline();
render(<App />, document.body);
void connect();
