/** Starts a program whose output and end a test looks at. */
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';

import { OutputCollector } from './output-collector.ts';
import { deadlineMs } from './wait.ts';

export interface ProgramOptions {
  /** The complete environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Text for its stdin, which is closed after it. */
  readonly input?: string;
}

/** How a program ended: its exit code, or the signal that ended it. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunningProgram {
  readonly pid: number;
  readonly stdout: OutputCollector;
  readonly stderr: OutputCollector;
  readonly ended: Promise<ProgramEnd>;
  kill(signal: NodeJS.Signals): void;
}

export interface ProgramResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

/** Starts `file` as the leader of a session of its own. Throws when it cannot be started. */
export function startProgram(file: string, args: readonly string[], options: ProgramOptions): RunningProgram {
  const child: ChildProcessWithoutNullStreams = spawn(file, args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: 'pipe',
  });
  const ended = new Promise<ProgramEnd>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolve({ code, signal });
    });
  });
  if (child.pid === undefined) {
    ended.catch(() => undefined);
    throw new Error(`cannot start ${file}`);
  }
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  return {
    pid: child.pid,
    stdout: new OutputCollector(`stdout of ${file}`, child.stdout),
    stderr: new OutputCollector(`stderr of ${file}`, child.stderr),
    ended,
    kill: (signal) => {
      child.kill(signal);
    },
  };
}

/** Runs a program to its end; one that does not end before the deadline is killed and is an error. */
export async function runProgram(
  file: string,
  args: readonly string[],
  options: ProgramOptions,
  timeoutMs: number = deadlineMs,
): Promise<ProgramResult> {
  const program = startProgram(file, args, options);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    program.kill('SIGKILL');
  }, timeoutMs);
  const { code } = await program.ended;
  clearTimeout(timer);
  const result = { stdout: program.stdout.text, stderr: program.stderr.text, code };
  if (late) {
    throw new Error(
      `${[file, ...args].join(' ')} did not end in ${timeoutMs} ms; it said ${JSON.stringify(result)}`,
    );
  }
  return result;
}
