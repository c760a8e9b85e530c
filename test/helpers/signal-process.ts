/**
 * Signals one process that a test knows of.
 *
 * @throws when there is no such process, and for a pid that is none: 0 or NaN would reach the test runner itself.
 */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  if (!Number.isSafeInteger(pid) || pid <= 1) {
    throw new Error(`cannot send ${signal}: ${pid} is not the pid of a test's process`);
  }
  process.kill(pid, signal);
}

/** As {@link signalProcess}; a process that has just ended needs no signal. */
export function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    signalProcess(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
      throw error;
    }
  }
}
