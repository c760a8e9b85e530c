import { useEffect, useRef } from 'preact/hooks';
import { connection, loadProblem, needsLogin, reconnectNow } from '../state/daemon.ts';
import { isLoaded } from '../state/processes.ts';
import { route, titleOf } from '../state/router.ts';
import type { Route } from '../model/route.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { Header } from '../components/header.tsx';
import { HelpDialog } from '../components/help-dialog.tsx';
import { Icon } from '../components/icon.tsx';
import { MenuHost } from '../components/menu.tsx';
import { Toasts } from '../components/toasts.tsx';
import { ActivityView } from './activity.tsx';
import { ConfigurationView } from './configuration.tsx';
import { LoginView } from './login.tsx';
import { LogsView } from './logs.tsx';
import { Overview } from './overview.tsx';
import { ProgramPage } from './program.tsx';
import { TimelineView } from './timeline.tsx';

export function App() {
  if (needsLogin.value) {
    return <LoginView />;
  }
  return (
    <>
      <a class="skip" href="#main" onClick={skipToMain}>
        Skip to content
      </a>
      <Header />
      <Main />
      <Toasts />
      <ConfirmDialog />
      <HelpDialog />
    </>
  );
}

/** The fragment is the address of the view: only the focus goes there. */
function skipToMain(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

function Main() {
  const shown = route.value;
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current) {
      // Somebody who does not see the page is told where the link has led.
      main.current?.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    isFirst.current = false;
  }, [shown.view, shown.view === 'program' ? shown.name : '']);
  return (
    <main
      ref={main}
      id="main"
      tabIndex={-1}
      aria-label={titleOf(shown)}
      class={
        connection.value === 'lost' && isLoaded.value
          ? `main view-${shown.view} stale`
          : `main view-${shown.view}`
      }
    >
      {loadProblem.value !== null && !isLoaded.value ? <Unreachable /> : <View shown={shown} />}
      <MenuHost />
    </main>
  );
}

function View({ shown }: { readonly shown: Route }) {
  switch (shown.view) {
    case 'overview':
      return <Overview />;
    case 'program':
      return <ProgramPage name={shown.name} />;
    case 'logs':
      return <LogsView sources={shown.sources} />;
    case 'timeline':
      return <TimelineView />;
    case 'activity':
      return <ActivityView />;
    case 'configuration':
      return <ConfigurationView />;
  }
}

function Unreachable() {
  return (
    <div class="empty" role="alert">
      <Icon name="alert" />
      <h1>Cannot read the status</h1>
      <p>{loadProblem.value}</p>
      <button type="button" class="button" onClick={reconnectNow}>
        Try again
      </button>
    </div>
  );
}
