/** The daemon as the first process of a container. */
import { existsSync, readFileSync } from 'node:fs';

import { describe, expect } from 'vitest';

import { writeConfig } from '../../helpers/config.ts';
import { type Flavour, flavours, ours } from '../../helpers/flavours.ts';
import { childrenOf } from '../../helpers/process-table.ts';
import { type RunningProgram, startProgram } from '../../helpers/run-program.ts';
import type { Sandbox } from '../../helpers/sandbox.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { signalProcess } from '../../helpers/signal-process.ts';
import { waitFor } from '../../helpers/wait.ts';

const unshare = '/usr/bin/unshare';

/** Why a daemon cannot be process 1 here; null: it can. */
function reasonNot({ supervisordMissing }: Flavour): string | null {
  const needs = 'needs root and unshare for a PID namespace';
  return supervisordMissing ?? (process.getuid?.() !== 0 || !existsSync(unshare) ? needs : null);
}

/** Runs the daemon as process 1 of a PID namespace of its own, as a container engine does. */
function startAsPidOne(sandbox: Sandbox, flavour: Flavour, programs: string): RunningProgram {
  const config = writeConfig(sandbox, programs);
  const namespace = startProgram(
    unshare,
    ['--pid', '--fork', '--mount-proc', '--kill-child', flavour.supervisord, '-n', '-c', config.configFile],
    { env: sandbox.env, cwd: sandbox.directory },
  );
  sandbox.adopt(namespace.pid);
  return namespace;
}

/** The daemon as it is seen from outside. */
async function pidOneOf(namespace: RunningProgram): Promise<number> {
  await namespace.stdout.match(/supervisord started with pid 1\n/);
  const [child, ...others] = childrenOf(namespace.pid);
  expect(others).toEqual([]);
  return child?.pid ?? 0;
}

for (const flavour of flavours) {
  const reason = reasonNot(flavour);
  const title = `as PID 1, ${flavour.name} supervisord`;

  describe.skipIf(reason !== null).concurrent(reason === null ? title : `${title} (${reason})`, () => {
    scenarioTest('B13.4: reaps orphans it never started, and ends on TERM', async ({ sandbox }) => {
      const namespace = startAsPidOne(
        sandbox,
        flavour,
        `[program:careless]
command=/bin/sh -c '(sleep 0.2 &); exec sleep 1000'
startsecs=0
`,
      );
      const pid = await pidOneOf(namespace);
      await namespace.stdout.match(/INFO reaped unknown pid \d+ \(exit status 0\)\n/);
      sandbox.observe();
      signalProcess(pid, 'SIGTERM');
      expect(await namespace.ended).toEqual({ code: 0, signal: null });
      expect(namespace.stdout.text).toMatch(/WARN stopped: careless \(terminated by SIGTERM\)\n$/);
      expect(sandbox.survivors()).toEqual([]);
    });

    scenarioTest(
      'B15.2: stops in order, and nothing outlives it, not even what left its group and session',
      async ({ sandbox }) => {
        const namespace = startAsPidOne(
          sandbox,
          flavour,
          `[program:daemonizer]
command=/bin/sh -c '(setsid sleep 1000 </dev/null >/dev/null 2>&1 &); echo forked; exec sleep 1000'
stdout_logfile=%(here)s/daemonizer.log
priority=1
startsecs=0
[program:last]
command=/bin/sleep 1000
priority=2
startsecs=0
`,
        );
        const pid = await pidOneOf(namespace);
        await namespace.stdout.match(/success: last/);
        await waitFor('the grandchild', () => sandbox.read('daemonizer.log') === 'forked\n');
        await waitFor('its adoption', () => childrenOf(pid).length === 3);
        sandbox.observe();
        signalProcess(pid, 'SIGTERM');
        expect(await namespace.ended).toEqual({ code: 0, signal: null });
        expect(namespace.stdout.text).toMatch(/stopped: last[^]*stopped: daemonizer/);
        expect(sandbox.survivors()).toEqual([]);
      },
    );
  });
}

const oursReason = reasonNot(ours);

describe.skipIf(oursReason !== null).concurrent(`as PID 1, at length (${oursReason ?? 'ours'})`, () => {
  const storm = 3000;
  const sigusr2 = 12;

  scenarioTest('B13.4: thousands of orphans are reaped without noise', async ({ sandbox }) => {
    sandbox.write(
      'storm.sh',
      `i=0\nwhile [ $i -lt ${storm} ]; do (true &); i=$((i + 1)); done\necho done\nexec sleep 1000\n`,
    );
    const namespace = startAsPidOne(
      sandbox,
      ours,
      `[program:storm]
command=/bin/sh %(here)s/storm.sh
stdout_logfile=%(here)s/storm.log
startsecs=0
`,
    );
    const pid = await pidOneOf(namespace);
    await waitFor('the storm', () => sandbox.read('storm.log') === 'done\n', 60_000);
    await waitFor('the last orphan', () => childrenOf(pid).length === 1);
    signalProcess(pid, 'SIGTERM');
    expect(await namespace.ended).toEqual({ code: 0, signal: null });
    const lines = namespace.stdout.text.split('\n').filter((line) => line.includes('unknown pid'));
    const summed = lines.map((line) => Number(/reaped (\d+) more/.exec(line)?.[1] ?? 1));
    expect(summed.reduce((sum, count) => sum + count, 0)).toBe(storm);
    // Twenty a minute and a sum each: a storm this short takes two minutes at the very most.
    expect(lines.length).toBeLessThan(50);
  });

  scenarioTest(
    'B13.1: TERM while it starts is not lost, as it would be on any process 1',
    async ({ sandbox }) => {
      const many = Array.from(
        { length: 300 },
        (_, index) => `[program:p${index}]\ncommand=/bin/sleep 1000\n`,
      );
      const namespace = startAsPidOne(sandbox, ours, many.join(''));
      const [child] = await waitFor('process 1', () => {
        const children = childrenOf(namespace.pid).filter(({ command }) => command.includes('supervisord'));
        return children.length > 0 && children;
      });
      const pid = child?.pid ?? 0;
      // USR2 is handled since the same moment, and TERM by Node even before, to no use on process 1.
      await waitFor('a handler', () => catches(pid, sigusr2));
      signalProcess(pid, 'SIGTERM');
      expect(await namespace.ended).toEqual({ code: 0, signal: null });
      expect(namespace.stdout.text).toContain('received SIGTERM indicating exit request');
      expect(sandbox.survivors()).toEqual([]);
    },
  );
});

/** Whether a process has a handler for a signal. */
function catches(pid: number, signal: number): boolean {
  const mask = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return ((BigInt(`0x${mask}`) >> BigInt(signal - 1)) & 1n) === 1n;
}
