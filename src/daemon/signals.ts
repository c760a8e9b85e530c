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

/** Installs the handlers; returns what removes them. */
export function installSignals(actions: SignalActions): () => void {
  const installed = Object.entries(signalTable).map(([signal, act]) => {
    const listener = (): void => act(signal, actions);
    process.on(signal, listener);
    return () => void process.off(signal, listener);
  });
  return () => {
    for (const remove of installed) {
      remove();
    }
  };
}
