/** Keeps the service manager informed of how many processes run, at most once a second. */
import type { EventBus } from '../events/bus.ts';
import type { ProcessState, SupervisorState } from '../process/states.ts';
import type { Clock, Timer } from '../system/clock.ts';
import type { ServiceManager } from './service-manager.ts';

export interface ServiceStatusHost {
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly service: ServiceManager;
  readonly state: () => SupervisorState;
  readonly processStates: () => Iterable<ProcessState>;
}

const intervalMs = 1000;

/** Tells what happens from now on. Returns what ends it. */
export function reportToServiceManager(host: ServiceStatusHost): () => void {
  const { bus, clock, service } = host;
  if (!service.isPresent) {
    return () => undefined;
  }
  let timer: Timer | null = null;
  const report = (): void => {
    timer = null;
    service.status(describe(host.processStates()));
  };
  const changed = (): void => {
    timer ??= clock.schedule(clock.monotonicMs() + intervalMs, report);
  };
  const ends = [
    bus.subscribe('PROCESS_STATE', changed),
    bus.subscribe('PROCESS_GROUP', changed),
    bus.subscribe('SUPERVISOR_STATE_CHANGE_STOPPING', () => {
      if (host.state() === 'SHUTDOWN') {
        service.stopping();
      } else {
        service.reloading();
      }
    }),
  ];
  return () => {
    timer?.cancel();
    ends.forEach((end) => end());
  };
}

function describe(states: Iterable<ProcessState>): string {
  const all = [...states];
  const running = all.filter((state) => state === 'RUNNING').length;
  const failed = all.filter((state) => state === 'FATAL' || state === 'BACKOFF').length;
  const failures = failed === 0 ? '' : `, ${failed} failing`;
  return `${running} of ${all.length} processes running${failures}`;
}
