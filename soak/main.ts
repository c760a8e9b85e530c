/**
 * `npm run soak`: the daemon under every kind of trouble at once, for minutes or hours. Memory and descriptors must stay
 * flat, no zombie may stay, and what the daemon says must agree with /proc at every check. `-- --boots N` boots it again
 * and again instead.
 */
import { setTimeout as delay } from 'node:timers/promises';

import { ours } from '../test/helpers/flavours.ts';
import { readProcess } from '../test/helpers/process-table.ts';
import { type RunningProgram, startProgram } from '../test/helpers/run-program.ts';
import { Sandbox } from '../test/helpers/sandbox.ts';
import { waitFor } from '../test/helpers/wait.ts';
import { soakBoots } from './boots.ts';
import { disagreements, growth, megabytes, type Sample, sample } from './checks.ts';
import { allInfo, type Disturbance, disturbances, isPassing, type Subject } from './disturbances.ts';
import { configuration, forkingScript, listenerScript } from './programs.ts';

const defaultMinutes = 3;
const betweenChecksMs = 2000;
/** Until caches are filled and the first garbage was collected; at most. */
const longestWarmUpMs = 60_000;

/** `--minutes N` or `--seconds N`. Null when it is neither. */
function durationMs(args: readonly string[]): number | null {
  const [unit, value] = args;
  if (unit === undefined) {
    return defaultMinutes * 60_000;
  }
  const factor = { '--minutes': 60_000, '--seconds': 1000 }[unit];
  const duration = Number(value) * (factor ?? Number.NaN);
  return args.length === 2 && duration > 0 ? duration : null;
}

/** `--boots N`. Null when it is something else. */
function bootCount(args: readonly string[]): number | null {
  const [unit, value] = args;
  const count = Number(value);
  return args.length === 2 && unit === '--boots' && Number.isSafeInteger(count) && count > 0 ? count : null;
}

/** Exit code: 0 when nothing was wrong. */
export async function main(args: readonly string[]): Promise<number> {
  const duration = durationMs(args);
  const boots = bootCount(args);
  if (boots !== null) {
    return soakBoots(boots);
  }
  if (duration === null) {
    process.stderr.write('usage: npm run soak [-- --minutes N | --seconds N | --boots N]\n');
    return 2;
  }
  const sandbox = new Sandbox();
  try {
    return await soak(sandbox, duration);
  } finally {
    await sandbox.close();
  }
}

async function soak(sandbox: Sandbox, duration: number): Promise<number> {
  const subject = await start(sandbox);
  const problems: string[] = [];
  const ending = new AbortController();
  const counts = new Map<string, number>();
  const disturbing = disturbances.map((one) => disturb(one, subject, ending.signal, { counts, problems }));
  const samples = await watch(subject, duration, problems).finally(() => ending.abort());
  await Promise.all(disturbing);
  problems.push(...growth(samples), ...(await end(subject)));
  summarize(samples, counts, problems);
  return problems.length === 0 ? 0 : 1;
}

interface RunningSubject extends Subject {
  readonly program: RunningProgram;
}

async function start(sandbox: Sandbox): Promise<RunningSubject> {
  sandbox.write('listener.sh', listenerScript);
  sandbox.write('forking.sh', forkingScript);
  const configFile = sandbox.write('supervisord.conf', configuration(0));
  const args = ['-n', '-s', '-c', configFile];
  const program = startProgram(ours.supervisord, args, { env: sandbox.env, cwd: sandbox.directory });
  sandbox.adopt(program.pid);
  const subject = {
    sandbox,
    pid: program.pid,
    api: { socketPath: sandbox.path('supervisor.sock') },
    program,
  };
  await waitFor('the daemon to answer', () => allInfo(subject));
  return subject;
}

interface Account {
  readonly counts: Map<string, number>;
  readonly problems: string[];
}

/** Disturbs at its interval until the end. */
async function disturb(
  { name, everyMs, run }: Disturbance,
  subject: Subject,
  ending: AbortSignal,
  { counts, problems }: Account,
): Promise<void> {
  while (!ending.aborted) {
    try {
      await run(subject);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    } catch (error) {
      if (!isPassing(error)) {
        problems.push(`"${name}" failed: ${String(error)}`);
      }
    }
    await delay(everyMs, undefined, { signal: ending }).catch(() => undefined);
  }
}

/** Checks until the time is over, or something is wrong. Answers with what was measured after warming up. */
async function watch(
  subject: RunningSubject,
  duration: number,
  problems: string[],
): Promise<readonly Sample[]> {
  const startedMs = performance.now();
  const elapsed = (): number => performance.now() - startedMs;
  const warmUpMs = Math.min(longestWarmUpMs, duration / 3);
  const samples: Sample[] = [];
  while (elapsed() < duration && problems.length === 0) {
    await delay(betweenChecksMs);
    if (!isRunningProgram(subject.pid)) {
      problems.push('the daemon has ended');
      break;
    }
    const measured = await waitFor('a status', () => sample(subject));
    problems.push(...(await waitFor('a look at all processes', () => disagreements(subject))));
    if (elapsed() > warmUpMs) {
      samples.push(measured);
    }
    process.stdout.write(`${describe(elapsed(), measured)}${problems.length === 0 ? '' : ': NOT WELL'}\n`);
  }
  return samples;
}

/** An ordered end, with nothing left. */
async function end({ program, sandbox }: RunningSubject): Promise<readonly string[]> {
  sandbox.observe();
  program.kill('SIGTERM');
  const { code, signal } = await program.ended;
  const found = code === 0 ? [] : [`the daemon ended with ${code ?? signal}`];
  const said = `${program.stdout.text}${program.stderr.text}`;
  if (said !== '') {
    found.push(`the daemon said: ${said.slice(0, 1000)}`);
  }
  // The orphans of the forking program live for a fraction of a second.
  await waitFor('the last orphans', () => sandbox.survivors().length === 0);
  return found;
}

function isRunningProgram(pid: number): boolean {
  return ![undefined, 'Z'].includes(readProcess(pid)?.state);
}

function describe(elapsedMs: number, { memoryBytes, descriptors, running, answerMs }: Sample): string {
  const time = `[${String(Math.round(elapsedMs / 1000)).padStart(5)} s]`;
  const rest = `${descriptors} descriptors besides pipes, ${running} running, answers in ${answerMs.toFixed(0)} ms`;
  return `${time} ${megabytes(memoryBytes)}, ${rest}`;
}

function summarize(
  samples: readonly Sample[],
  counts: ReadonlyMap<string, number>,
  problems: readonly string[],
): void {
  const memory = samples.map(({ memoryBytes }) => memoryBytes);
  const range = `${megabytes(Math.min(...memory))} to ${megabytes(Math.max(...memory))}`;
  const done = [...counts].map(([name, count]) => `${name} ${count}x`).join(', ');
  process.stdout.write(`memory ${range} over ${samples.length} checks; ${done}\n`);
  process.stdout.write(
    problems.length === 0 ? 'sound\n' : problems.map((line) => `PROBLEM: ${line}\n`).join(''),
  );
}
