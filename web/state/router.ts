/** Which view is shown: what the address's fragment says. */
import { effect, signal } from '@preact/signals';
import { parseRoute, routeHash, type Route } from '../model/route.ts';

export const route = signal<Route>(parseRoute(location.hash));

export function navigate(to: Route): void {
  location.hash = routeHash(to);
}

/** Changes the address without a step in the history. */
export function replaceRoute(to: Route): void {
  history.replaceState(null, '', routeHash(to));
  route.value = to;
}

addEventListener('hashchange', () => {
  route.value = parseRoute(location.hash);
});

/** Tells screen readers and history lists where one is. */
export function keepTitle(nameOfDaemon: () => string): void {
  effect(() => {
    document.title = `${titleOf(route.value)} – ${nameOfDaemon()}`;
  });
}

export function titleOf(shown: Route): string {
  switch (shown.view) {
    case 'overview':
      return 'Programs';
    case 'program':
      return shown.name;
    case 'logs':
      return 'Logs';
    case 'timeline':
      return 'Timeline';
    case 'activity':
      return 'Activity log';
    case 'configuration':
      return 'Configuration';
  }
}
