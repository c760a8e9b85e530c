/**
 * What the daemon does on each signal.
 *
 * Source: Supervisor manual, "Signals"; B13. Several signals of a kind that arrive together count as one.
 */
import type { LogLevel } from '../config/settings.ts';

export interface SignalActions {
  log(level: LogLevel, message: string): void;
  /** Whether a shutdown is under way. */
  isShuttingDown(): boolean;
  shutdown(): void;
  restart(): void;
  reopenLogs(): void;
  reap(): void;
}

type SignalName = 'SIGTERM' | 'SIGINT' | 'SIGQUIT' | 'SIGHUP' | 'SIGUSR1' | 'SIGUSR2' | 'SIGCHLD';

const signalTable: Readonly<Record<SignalName, (signal: string, actions: SignalActions) => void>> = {
  SIGTERM: exit,
  SIGINT: exit,
  SIGQUIT: exit,
  SIGHUP: restart,
  SIGUSR2: (signal, actions) => {
    actions.log('info', `received ${signal} indicating log reopen request`);
    actions.reopenLogs();
  },
  SIGCHLD: (signal, actions) => {
    actions.reap();
    actions.log('debug', `received ${signal} indicating a child quit`);
  },
  // Without a handler Node would open its debugger's port.
  SIGUSR1: (signal, actions) => actions.log('blather', `received ${signal} indicating nothing`),
};

function exit(signal: string, actions: SignalActions): void {
  actions.log('warn', `received ${signal} indicating exit request`);
  actions.shutdown();
}

function restart(signal: string, actions: SignalActions): void {
  if (actions.isShuttingDown()) {
    actions.log('warn', `ignored ${signal} indicating restart request (shutdown in progress)`);
    return;
  }
  actions.log('warn', `received ${signal} indicating restart request`);
  actions.restart();
}

const signalNames = Object.keys(signalTable) as SignalName[];

/** Where signals come from: `process`, or something like it in tests. */
export interface SignalSource {
  on(signal: SignalName, listener: () => void): unknown;
}

/**
 * The signals of this process, from {@link Signals.keep} on. Before the first life and between two they are kept for the
 * next one: left to the system, HUP would end the process then, and TERM be lost on process 1.
 */
export class Signals {
  readonly #source: SignalSource;
  readonly #kept = new Set<SignalName>();
  #actions: SignalActions | null = null;
  #isInstalled = false;

  constructor(source: SignalSource) {
    this.#source = source;
  }

  /** From now on no signal is left to the system. */
  keep(): void {
    if (!this.#isInstalled) {
      this.#isInstalled = true;
      for (const signal of signalNames) {
        this.#source.on(signal, () => this.#received(signal));
      }
    }
  }

  /** Signals are for `actions` from now on, beginning with those that were kept. Returns what ends that. */
  attach(actions: SignalActions): () => void {
    this.keep();
    this.#actions = actions;
    const kept = [...this.#kept];
    this.#kept.clear();
    for (const signal of kept) {
      signalTable[signal](signal, actions);
    }
    return () => {
      this.#actions = null;
    };
  }

  #received(signal: SignalName): void {
    if (this.#actions === null) {
      this.#kept.add(signal);
    } else {
      signalTable[signal](signal, this.#actions);
    }
  }
}
