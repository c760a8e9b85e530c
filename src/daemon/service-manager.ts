/**
 * What a service manager such as systemd is told: that the daemon is ready, how it stands, that it begins anew or stops,
 * and, where a watchdog is set, that it is alive.
 *
 * Source: sd_notify(3), sd_watchdog_enabled(3). Without `NOTIFY_SOCKET` in the environment nobody is told anything.
 */
import type { Clock, Timer } from '../system/clock.ts';

export interface ServiceManagerDeps {
  readonly clock: Clock;
  /** Sends one message; null, or an errno's name, `EAGAIN` while the receiver is behind. */
  send(socketPath: string, message: string): string | null;
  /** Microseconds of the kernel's monotonic clock, the one that the service manager compares with. */
  monotonicUsec(): bigint;
  readonly pid: number;
}

/** How often a message is sent again that the receiver had no room for. */
const retryMs = 100;
/** Messages that wait for room; older ones say nothing new then. */
const maxWaiting = 16;

export class ServiceManager {
  readonly #deps: ServiceManagerDeps;
  readonly #socketPath: string | null;
  readonly #watchdogMs: number | null;
  #waiting: string[] = [];
  #retry: Timer | null = null;
  #watchdog: Timer | null = null;

  private constructor(deps: ServiceManagerDeps, socketPath: string | null, watchdogMs: number | null) {
    this.#deps = deps;
    this.#socketPath = socketPath;
    this.#watchdogMs = watchdogMs;
  }

  /**
   * Takes what it needs out of the environment, so that no program speaks for the daemon, or waits for what only the
   * daemon is told.
   */
  static take(env: NodeJS.ProcessEnv, deps: ServiceManagerDeps): ServiceManager {
    const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: usec, WATCHDOG_PID: watched } = env;
    delete env['NOTIFY_SOCKET'];
    delete env['WATCHDOG_USEC'];
    delete env['WATCHDOG_PID'];
    const isSocket = socket !== undefined && /^[/@]./.test(socket);
    const isWatched = watched === undefined || watched === '' || Number(watched) === deps.pid;
    const watchdogMs = isWatched && Number(usec) > 0 ? Number(usec) / 1000 : null;
    return new ServiceManager(deps, isSocket ? socket : null, watchdogMs);
  }

  /** Whether anybody is told. */
  get isPresent(): boolean {
    return this.#socketPath !== null;
  }

  /** The daemon answers, and what starts by itself is being started. Begins to feed the watchdog. */
  ready(): void {
    // The process that was started may have been one that only started this one.
    this.#send(`READY=1\nMAINPID=${this.#deps.pid}`);
    this.#feedWatchdog();
  }

  /** A line for whoever asks how the service stands. */
  status(text: string): void {
    this.#send(`STATUS=${text}`);
  }

  /** Everything is stopped and started again; {@link ready} ends it. */
  reloading(): void {
    this.#send(`RELOADING=1\nMONOTONIC_USEC=${this.#deps.monotonicUsec()}`);
  }

  stopping(): void {
    this.#send('STOPPING=1');
  }

  /** Lets go of its timers. What waits for room is lost. */
  close(): void {
    this.#watchdog?.cancel();
    this.#watchdog = null;
    this.#retry?.cancel();
    this.#retry = null;
    this.#waiting = [];
  }

  /** Twice in the time that is allowed. */
  #feedWatchdog(): void {
    if (this.#watchdogMs === null || this.#socketPath === null || this.#watchdog !== null) {
      return;
    }
    const periodMs = this.#watchdogMs / 2;
    const { clock } = this.#deps;
    const feed = (): void => {
      this.#send('WATCHDOG=1');
      this.#watchdog = clock.schedule(clock.monotonicMs() + periodMs, feed);
    };
    feed();
  }

  #send(message: string): void {
    if (this.#socketPath !== null) {
      this.#waiting.push(message);
      this.#waiting.splice(0, this.#waiting.length - maxWaiting);
      this.#sendWaiting();
    }
  }

  #sendWaiting(): void {
    this.#retry?.cancel();
    this.#retry = null;
    for (let [next] = this.#waiting; next !== undefined; [next] = this.#waiting) {
      if (this.#deps.send(this.#socketPath ?? '', next) === 'EAGAIN') {
        const { clock } = this.#deps;
        this.#retry = clock.schedule(clock.monotonicMs() + retryMs, () => this.#sendWaiting());
        return;
      }
      this.#waiting.shift();
    }
  }
}
