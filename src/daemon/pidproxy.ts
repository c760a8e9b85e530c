/**
 * `pidproxy`: runs a command that daemonizes itself, and passes signals on to the process its pidfile names.
 *
 * Source: Supervisor manual, "Pidproxy Program", and its observed behaviour.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const usage = 'Usage: pidproxy <pidfile name> <command> [<cmdarg1> ...]\n';

/** Signals passed on; those that also end pidproxy itself are marked. */
const passedSignals = [
  { signal: 'SIGTERM', ends: true },
  { signal: 'SIGINT', ends: true },
  { signal: 'SIGQUIT', ends: true },
  { signal: 'SIGHUP', ends: false },
  { signal: 'SIGUSR1', ends: false },
  { signal: 'SIGUSR2', ends: false },
] as const;

/** The shell's exit code for a command that cannot be started. */
const notStartedCode = 127;

/** The pid in a pidfile, or null when it cannot be read or holds no number. */
function readPid(pidfile: string): number | null {
  try {
    const text = readFileSync(pidfile, 'utf8').trim();
    return /^[+-]?\d+$/.test(text) ? Number(text) : null;
  } catch {
    return null;
  }
}

/** Signals the process of the pidfile; null when there was no pidfile, else the code to end with if that is due. */
function passOn(pidfile: string, signal: NodeJS.Signals): number | null {
  const pid = readPid(pidfile);
  if (pid === null) {
    process.stdout.write(`Can't read child pidfile ${pidfile}!\n`);
    return null;
  }
  try {
    process.kill(pid, signal);
    return 0;
  } catch (error) {
    process.stderr.write(`pidproxy: cannot send ${signal} to pid ${pid}: ${String(error)}\n`);
    return 1;
  }
}

/**
 * Runs `pidproxy PIDFILE COMMAND [ARG ...]` until the command ends or a signal says so.
 *
 * Compat: the command is not looked up in PATH, a bare name means a file in the working directory; the exit
 * code is 0 whatever the command's was.
 *
 * @param argv Arguments without the program's own name.
 * @returns The exit code.
 */
export function main(argv: readonly string[]): Promise<number> {
  const [pidfile, command, ...args] = argv;
  if (pidfile === undefined || command === undefined) {
    process.stdout.write(usage);
    return Promise.resolve(1);
  }
  return new Promise((resolve) => {
    for (const { signal, ends } of passedSignals) {
      process.on(signal, () => {
        const code = passOn(pidfile, signal);
        if (code === 1 || (code === 0 && ends)) {
          resolve(code);
        }
      });
    }
    const child = spawn(path.resolve(command), args, { argv0: command, stdio: 'inherit' });
    child.on('error', (error) => {
      process.stderr.write(`pidproxy: cannot start ${command}: ${error.message}\n`);
      resolve(notStartedCode);
    });
    child.on('exit', () => resolve(0));
  });
}
