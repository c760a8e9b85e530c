/**
 * What the daemon does on each signal.
 *
 * Source: Supervisor manual, "Signals"; B13. Several signals of a kind that arrive together count as one.
 */
import os from 'node:os';
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

/** Signals that mean nothing to the daemon and whose default is to end it: they are ignored. */
const meaninglessSignals = [
  'SIGALRM',
  'SIGVTALRM',
  'SIGPROF',
  'SIGIO',
  'SIGPWR',
  'SIGSTKFLT',
  'SIGXCPU',
  'SIGPIPE',
  'SIGXFSZ',
] as const satisfies readonly NodeJS.Signals[];

/** Real-time signals, with those that a C library keeps for itself and does not let go. */
const realTimeSignals = { first: 32, last: 64 } as const;

/**
 * Everything that is ignored. Left alone are the signals of job control; ABRT, by which a service manager ends a daemon that
 * hangs; and those by which the kernel tells a fault of the process itself (SEGV, BUS, FPE, ILL, TRAP, SYS), of which the
 * engine takes some for its own.
 */
function meaninglessNumbers(): readonly number[] {
  const { first, last } = realTimeSignals;
  return [
    ...meaninglessSignals.map((name) => os.constants.signals[name]),
    ...Array.from({ length: last - first + 1 }, (_, index) => first + index),
  ];
}

/** Where signals come from: `process`, or something like it in tests. */
export interface SignalSource {
  on(signal: SignalName, listener: () => void): unknown;
  removeListener(signal: SignalName, listener: () => void): unknown;
}

/** Sets what the kernel does with a signal, below Node's own handling; a signal that cannot be set is left as it is. */
export type SetDisposition = (signal: number, ignored: boolean) => void;

/**
 * The signals of this process, from {@link Signals.keep} on. Before the first life and between two they are kept for the
 * next one: left to the system, HUP would end the process then, and TERM be lost on process 1.
 */
export class Signals {
  readonly #source: SignalSource;
  readonly #setDisposition: SetDisposition;
  readonly #listeners = new Map<SignalName, () => void>();
  readonly #kept = new Set<SignalName>();
  #actions: SignalActions | null = null;

  constructor(source: SignalSource, setDisposition: SetDisposition) {
    this.#source = source;
    this.#setDisposition = setDisposition;
  }

  /** From now on no signal is left to the system. */
  keep(): void {
    if (this.#listeners.size > 0) {
      return;
    }
    for (const signal of signalNames) {
      const listener = (): void => this.#received(signal);
      this.#listeners.set(signal, listener);
      this.#source.on(signal, listener);
    }
    for (const number of meaninglessNumbers()) {
      this.#setDisposition(number, true);
    }
  }

  /**
   * This process is no daemon after all, but a command: signals are the system's again. Returns those that came meanwhile.
   */
  letGo(): readonly SignalName[] {
    for (const [signal, listener] of this.#listeners) {
      this.#source.removeListener(signal, listener);
    }
    this.#listeners.clear();
    for (const number of meaninglessNumbers()) {
      this.#setDisposition(number, false);
    }
    return [...this.#kept].filter((signal) => signal !== 'SIGCHLD');
  }

  /**
   * The exit status is decided, and no signal changes it any more: the kernel ignores them all, since Node's handlers go
   * before the process does.
   */
  ignoreAll(): void {
    for (const signal of signalNames) {
      this.#setDisposition(os.constants.signals[signal], true);
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
