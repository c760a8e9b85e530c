import { existsSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { descendantsOf, isRunning, readProcess } from './process-table.ts';
import { startProgram } from './run-program.ts';
import { Sandbox } from './sandbox.ts';
import { waitFor } from './wait.ts';

function start(sandbox: Sandbox, script: string): ReturnType<typeof startProgram> {
  return startProgram('/bin/sh', ['-c', script], { env: sandbox.env, cwd: sandbox.directory });
}

describe('Sandbox', () => {
  it('ends what it adopted and removes its directory', async () => {
    const sandbox = new Sandbox();
    const program = start(sandbox, 'exec sleep 1000');
    sandbox.adopt(program.pid);
    await sandbox.close();
    expect(await program.ended).toEqual({ code: null, signal: 'SIGTERM' });
    expect(existsSync(sandbox.directory)).toBe(false);
  });

  it('fails, and kills, when a child outlives its daemon', async () => {
    const sandbox = new Sandbox();
    const program = start(sandbox, 'sleep 1000 & echo "child $!"; wait');
    sandbox.adopt(program.pid);
    const [, child] = await program.stdout.match(/child (\d+)/);
    const orphan = readProcess(Number(child));
    await expect(sandbox.close()).rejects.toThrow(
      /processes left behind:\n {2}\d+ \(parent \d+\) sleep 1000$/,
    );
    expect(orphan).not.toBeNull();
    await waitFor('the orphan to be killed', () => orphan !== null && !isRunning(orphan));
  });

  it('finds an orphan that made itself a session of its own', async () => {
    const sandbox = new Sandbox();
    const program = start(sandbox, 'setsid sleep 1000 >/dev/null 2>&1 & exit 0');
    await program.ended;
    await waitFor('the orphan', () => sandbox.observe().some((entry) => entry.command === 'sleep 1000'));
    expect(sandbox.survivors().map((entry) => entry.command)).toEqual(['sleep 1000']);
    await expect(sandbox.close()).rejects.toThrow('processes left behind');
  });
});

describe('descendantsOf', () => {
  it('finds children of children', async () => {
    const sandbox = new Sandbox();
    const program = start(sandbox, "sh -c 'sleep 1000 & wait' & echo started; wait");
    sandbox.adopt(program.pid);
    const commands = await waitFor('the grandchild', () => {
      const found = descendantsOf(program.pid).map((entry) => entry.command);
      return found.includes('sleep 1000') && found;
    });
    expect(commands).toEqual(['sh -c sleep 1000 & wait', 'sleep 1000']);
    sandbox.killSurvivors();
    await sandbox.close();
  });
});
