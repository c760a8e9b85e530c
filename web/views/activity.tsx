import { LogPanel } from '../components/log-panel.tsx';
import { daemon } from '../state/daemon.ts';

const keys = ['activity'];

/** The daemon's own log. */
export function ActivityView() {
  const file = daemon.value?.activityLog ?? null;
  return (
    <div class="logs-view">
      <h1 class="visually-hidden">Activity log</h1>
      {daemon.value !== null && file === null ? (
        <p class="empty">The daemon writes its activity log to no file that could be read.</p>
      ) : (
        <section class="card card-logs" aria-label="Activity log">
          <LogPanel keys={keys} label="Activity log" />
        </section>
      )}
    </div>
  );
}
