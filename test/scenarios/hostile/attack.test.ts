/** Everything at once and at full speed, a minute of it in CI: the daemon goes on with its work all the while. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { expect } from 'vitest';

import { startProgram } from '../../helpers/run-program.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { callRpc } from '../../helpers/xml-rpc.ts';
import { residentMegabytes, startVictim } from './hostile.ts';

/** A minute in CI. */
const attackSeconds = process.env['CI'] === 'true' ? 60 : 8;
const seed = Number(process.env['ATTACK_SEED'] ?? Date.now() % 1_000_000);
const attacker = path.join(import.meta.dirname, 'attacker.mjs');

scenarioTest(
  `a daemon with a heap of 64 MB under attack (ATTACK_SEED=${seed})`,
  { timeout: (attackSeconds + 60) * 1000 },
  async ({ sandbox }) => {
    const { daemon, port, api } = await startVictim(sandbox, {
      programs:
        '[program:big]\ncommand=/bin/cat\nautostart=false\nstartsecs=0\nstdout_logfile=%(here)s/big.log\n\n' +
        '[program:work]\ncommand=/bin/cat\nautostart=false\nstartsecs=0\n',
    });
    writeFileSync(sandbox.path('big.log'), `${'x'.repeat(1023)}\n`.repeat(10 * 1024));
    const before = residentMegabytes(daemon.pid);
    const { ended, stdout } = startProgram(
      process.execPath,
      [attacker, port, attackSeconds, seed].map(String),
      {
        env: sandbox.env,
        cwd: sandbox.directory,
      },
    );
    const attack = { isOver: false };
    void ended.then(() => Object.assign(attack, { isOver: true }));
    const taken: number[] = [];
    let highest = 0;
    const timed = async (call: Promise<unknown>): Promise<void> => {
      const start = performance.now();
      await call;
      taken.push(performance.now() - start);
      highest = Math.max(highest, residentMegabytes(daemon.pid));
    };
    while (!attack.isOver) {
      await timed(callRpc(api, 'supervisor.getAllProcessInfo'));
      await timed(callRpc(api, 'supervisor.startProcess', ['work']));
      await timed(callRpc(api, 'supervisor.stopProcess', ['work']));
    }
    taken.sort((a, b) => a - b);
    const at = (part: number): string => (taken[Math.floor(part * (taken.length - 1))] ?? 0).toFixed(1);
    console.log(
      `${taken.length} calls under attack: median ${at(0.5)} ms, 99% ${at(0.99)}, longest ${at(1)}; ` +
        `memory ${before.toFixed(0)} MB, at most ${highest.toFixed(0)}; ${stdout.text.trim()}`,
    );
    expect(taken.length).toBeGreaterThan(10);
    expect(daemon.output.text).not.toMatch(/unexpected exception|Uncaught|FATAL/);
    expect(highest - before).toBeLessThan(200);
  },
);
