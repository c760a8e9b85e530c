import { chmodSync, mkdirSync } from 'node:fs';
import { describe, expect } from 'vitest';

import { runCtl } from '../../helpers/ctl.ts';
import { ours } from '../../helpers/flavours.ts';
import { Impostor } from '../../helpers/impostor.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';

const isRoot = process.getuid?.() === 0;

/** What supervisorctl ends with when the password is wrong. */
const generic = 1;

describe.skipIf(!isRoot)("root's supervisorctl, and a stranger at the socket's name", () => {
  scenarioTest('the password is not sent', async ({ sandbox }) => {
    const directory = sandbox.path('tmp');
    mkdirSync(directory);
    chmodSync(directory, 0o1777);
    const socket = sandbox.path('tmp', 'supervisor.sock');
    const impostor = await Impostor.start(socket);
    const configFile = sandbox.write(
      's.conf',
      `[supervisorctl]\nserverurl=unix://${socket}\nusername=me\npassword=secret\n`,
    );
    const refusal =
      `error: ${socket} is served by user nobody (uid 65534), who is neither root nor you: ` +
      'the password was not sent\n';
    for (const command of [['status'], ['start', 'all'], ['tail', '-f', 'web'], ['version']]) {
      const run = await runCtl(sandbox, ours, command, { configFile });
      expect(run).toMatchObject({ stdout: refusal, stderr: '', code: generic });
    }
    const shell = await runCtl(sandbox, ours, [], { configFile, input: 'reload\ny\nquit\n' });
    expect(shell.stdout).toContain(refusal);
    expect(shell.stdout).not.toContain('Username');

    await impostor.stop();
    expect(impostor.heard).toEqual([]);
  });
});
