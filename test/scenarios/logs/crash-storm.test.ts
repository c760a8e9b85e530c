/**
 * Fifty programs that crash again and again while a client opens a connection for each call: every moment descriptors are
 * closed, and their numbers given to something else. Nothing may use a number that it does not hold any more.
 */
import { readdirSync, readFileSync } from 'node:fs';

import { expect } from 'vitest';

import { reasonToSkip } from '../../helpers/debian.ts';
import { ours } from '../../helpers/flavours.ts';
import { startProgram } from '../../helpers/run-program.ts';
import type { Sandbox } from '../../helpers/sandbox.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { onEachDaemon, Supervised } from '../lifecycle/supervised.ts';

const programs = 50;
/** A minute in CI. */
const stormMs = process.env['CI'] === 'true' ? 60_000 : 8_000;

/**
 * Counts its runs, says on both streams which program and which run it is, and dies.
 *
 * Forks nothing: at the end of the daemon a signal ends the shell anywhere, and a command substitution would live on with
 * the program's stderr, and say there that its own pipe is broken. The count is written over, not anew, so that no signal
 * finds it empty.
 */
const script = `read -r n <"$2/$1.count"
n=$((n + 1))
echo $n 1<>"$2/$1.count"
echo "$1 $n"
echo "$1 $n" >&2
kill -KILL $$
`;

const names = Array.from({ length: programs }, (_, index) => String(index).padStart(2, '0'));

async function startStorm(sandbox: Sandbox): Promise<Supervised> {
  const file = sandbox.write('crash.sh', script);
  for (const name of names) {
    sandbox.write(`${name}.count`, '0\n');
  }
  return Supervised.start(
    sandbox,
    ours,
    `[program:storm]
command=/bin/sh ${file} %(process_num)02d ${sandbox.directory}
process_name=%(process_num)02d
numprocs=${programs}
startsecs=0
autorestart=true
stdout_logfile=${sandbox.directory}/%(process_num)02d.out
stderr_logfile=${sandbox.directory}/%(process_num)02d.err
`,
  );
}

/** Calls, each over a connection of its own, until the storm is over; how many were answered. */
async function callUntil(supervised: Supervised, endMs: number): Promise<number> {
  let answered = 0;
  while (performance.now() < endMs) {
    await supervised.rpc('getState');
    answered += 1;
  }
  return answered;
}

/** Every line of a log is its own program's, and the runs are all there, in order. */
function expectOwnLines(sandbox: Sandbox, name: string, stream: string): void {
  const runs = Number(sandbox.read(`${name}.count`));
  const lines = sandbox.read(`${name}.${stream}`).split('\n').slice(0, -1);
  expect(lines).toEqual(lines.map((_, index) => `${name} ${index + 1}`));
  // The last run may have been ended with the daemon before it said anything.
  expect([runs, runs - 1]).toContain(lines.length);
}

onEachDaemon(
  'a storm of crashes',
  () => {
    scenarioTest(
      'every call is answered, and each log holds its own lines and nobody else’s',
      { timeout: stormMs + 60_000 },
      async ({ sandbox }) => {
        const supervised = await startStorm(sandbox);
        const endMs = performance.now() + stormMs;
        const callers = Array.from({ length: 4 }, () => callUntil(supervised, endMs));
        const answered = await Promise.all(callers);
        expect(Math.min(...answered)).toBeGreaterThan(0);
        expect(await supervised.end('SIGTERM')).toEqual({ code: 0, signal: null });
        expect(supervised.daemon.output.text).not.toMatch(/ CRIT (?!Supervisor is running as root|Server )/);
        for (const name of names) {
          expectOwnLines(sandbox, name, 'out');
          expectOwnLines(sandbox, name, 'err');
        }
      },
    );

    const reason = reasonToSkip(['strace']);
    const title = 'no system call of the daemon meets a closed descriptor';
    scenarioTest.skipIf(reason !== null)(
      reason === null ? title : `${title} (${reason})`,
      { timeout: stormMs + 60_000 },
      async ({ sandbox }) => {
        const supervised = await startStorm(sandbox);
        const { pid } = supervised.daemon;
        const trace = sandbox.path('trace');
        const options = [
          '-f',
          '-e',
          'trace=desc,network',
          '-e',
          'status=failed',
          '-o',
          trace,
          '-p',
          `${pid}`,
        ];
        const strace = startProgram('strace', options, { env: sandbox.env, cwd: sandbox.directory });
        await strace.stderr.match(/attached/);
        const threads = readdirSync(`/proc/${pid}/task`);
        await callUntil(supervised, performance.now() + stormMs / 2);

        // strace ends with the daemon. Told to detach while the daemon is in vfork, it would wait for the daemon, which
        // waits for the child, which waits for strace.
        await supervised.end('SIGTERM');
        await strace.ended;
        const failed = readFileSync(trace, 'utf8')
          .split('\n')
          .filter((line) => threads.includes(line.split(' ')[0] ?? ''));
        expect(failed.some((line) => line.includes('--- SIGCHLD'))).toBe(true);
        expect(failed.filter((line) => line.includes('EBADF'))).toEqual([]);
      },
    );
  },
  [ours],
);
