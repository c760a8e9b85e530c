/** Starting a supervisord, ours or the original, in the foreground or on its own. */
import { readFileSync } from 'node:fs';

import type { Flavour } from './flavours.ts';
import type { OutputCollector } from './output-collector.ts';
import { runProgram, startProgram } from './run-program.ts';
import type { ProgramEnd, ProgramResult } from './run-program.ts';
import type { Sandbox } from './sandbox.ts';
import { signalProcess } from './signal-process.ts';
import { waitFor } from './wait.ts';

export interface DaemonOptions {
  readonly configFile: string;
  /** Further command line arguments. */
  readonly args?: readonly string[];
  /** Variables over those of the sandbox. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** A daemon in the foreground; its output is a copy of its activity log. */
export interface ForegroundDaemon {
  readonly pid: number;
  readonly output: OutputCollector;
  readonly stderr: OutputCollector;
  readonly ended: Promise<ProgramEnd>;
  signal(signal: NodeJS.Signals): void;
}

/** Starts `supervisord -n -c ...` in a session of its own and waits until it says that it has started. */
export async function startDaemon(
  sandbox: Sandbox,
  flavour: Flavour,
  options: DaemonOptions,
): Promise<ForegroundDaemon> {
  const program = startProgram(
    flavour.supervisord,
    ['-n', '-c', options.configFile, ...(options.args ?? [])],
    programOptions(sandbox, options),
  );
  sandbox.adopt(program.pid);
  try {
    await program.stdout.match(/supervisord started with pid \d+/);
  } catch (error) {
    throw new Error(`${flavour.name} supervisord did not start; stderr:\n${program.stderr.text}`, {
      cause: error,
    });
  }
  return {
    pid: program.pid,
    output: program.stdout,
    stderr: program.stderr,
    ended: program.ended,
    signal: (signal) => {
      signalProcess(program.pid, signal);
    },
  };
}

/**
 * Runs `supervisord -c ...` without `-n`, which must return by itself, and adopts the daemon that its pidfile
 * names.
 *
 * @returns the pid of the daemon and what the command itself said.
 */
export async function startDetachedDaemon(
  sandbox: Sandbox,
  flavour: Flavour,
  options: DaemonOptions & { readonly pidfile: string },
): Promise<{ readonly pid: number; readonly command: ProgramResult }> {
  const command = await runProgram(
    flavour.supervisord,
    ['-c', options.configFile, ...(options.args ?? [])],
    programOptions(sandbox, options),
  );
  if (command.code !== 0) {
    throw new Error(`${flavour.name} supervisord ended with ${command.code}: ${command.stderr}`);
  }
  const pid = await waitFor(`a pid in ${options.pidfile}`, () => readPidfile(options.pidfile));
  sandbox.adopt(pid);
  return { pid, command };
}

function programOptions(
  sandbox: Sandbox,
  options: DaemonOptions,
): { readonly env: Readonly<Record<string, string>>; readonly cwd: string } {
  return { env: { ...sandbox.env, ...options.env }, cwd: options.cwd ?? sandbox.directory };
}

/** The number in a pidfile, or null while it is not there or not written yet. */
export function readPidfile(file: string): number | null {
  try {
    const text = readFileSync(file, 'utf8');
    return /^\d+\n$/.test(text) ? Number(text) : null;
  } catch {
    return null;
  }
}
