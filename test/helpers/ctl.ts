/** Running a supervisorctl, ours or the original. */
import type { Flavour } from './flavours.ts';
import { runProgram, startProgram } from './run-program.ts';
import type { ProgramResult, RunningProgram } from './run-program.ts';
import type { Sandbox } from './sandbox.ts';

export interface CtlOptions {
  /** For `-c`. */
  readonly configFile: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What is typed at its prompt. */
  readonly input?: string;
}

/** Runs one command, such as `['status', 'web']`, possibly with options before it, to its end. */
export function runCtl(
  sandbox: Sandbox,
  flavour: Flavour,
  args: readonly string[],
  options: CtlOptions,
): Promise<ProgramResult> {
  sandbox.observe();
  return runProgram(flavour.supervisorctl, ['-c', options.configFile, ...args], {
    env: { ...sandbox.env, ...options.env },
    cwd: sandbox.directory,
    ...(options.input === undefined ? {} : { input: options.input }),
  });
}

/** Starts a command that does not end by itself, such as `tail -f`; the caller ends it with a signal. */
export function startCtl(
  sandbox: Sandbox,
  flavour: Flavour,
  args: readonly string[],
  options: CtlOptions,
): RunningProgram {
  const program = startProgram(flavour.supervisorctl, ['-c', options.configFile, ...args], {
    env: { ...sandbox.env, ...options.env },
    cwd: sandbox.directory,
  });
  sandbox.adopt(program.pid);
  return program;
}
