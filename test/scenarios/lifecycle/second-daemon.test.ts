/** Starting a daemon where one runs already: nothing may change, whichever socket tells. */
import { readdirSync, statSync } from 'node:fs';

import { expect } from 'vitest';

import { writeConfig } from '../../helpers/config.ts';
import { type ForegroundDaemon, startDaemon } from '../../helpers/daemon.ts';
import { ours } from '../../helpers/flavours.ts';
import { freePort } from '../../helpers/free-port.ts';
import { runProgram } from '../../helpers/run-program.ts';
import type { Sandbox } from '../../helpers/sandbox.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { waitFor } from '../../helpers/wait.ts';
import { callRpc } from '../../helpers/xml-rpc.ts';
import { onEachDaemon } from './supervised.ts';

const program = `[program:talker]
command=/bin/sh -c 'echo hello; exec sleep 1000'
startsecs=0
`;

/** Every file of the sandbox with all that a write or a new file would change. */
function files(sandbox: Sandbox): readonly string[] {
  return readdirSync(sandbox.directory)
    .sort()
    .map((name) => {
      const { ino, size, mtimeMs, mode } = statSync(sandbox.path(name));
      return [name, ino, size, mtimeMs, mode].join(' ');
    });
}

/** Waits until the first daemon has nothing more to write. */
async function settled(sandbox: Sandbox, first: ForegroundDaemon): Promise<void> {
  await first.output.match(/success: talker/);
  await waitFor('all of both logs', () => {
    const [talk] = readdirSync(sandbox.directory).filter((name) => name.startsWith('talker-stdout---'));
    return sandbox.read(talk ?? '') === 'hello\n' && sandbox.read('supervisord.log') === first.output.text;
  });
}

onEachDaemon(
  'a second daemon',
  (flavour) => {
    for (const [where, args] of [
      ['in the foreground', ['-n']],
      ['in the background', []],
    ] as const) {
      scenarioTest(`B3.4: ${where}, changes no file and says why on the terminal`, async ({ sandbox }) => {
        const config = writeConfig(sandbox, program);
        const first = await startDaemon(sandbox, flavour, config);
        await settled(sandbox, first);
        const before = files(sandbox);
        expect(before.filter((line) => line.includes('---'))).toHaveLength(2);
        const second = await runProgram(flavour.supervisord, [...args, '-c', config.configFile], {
          env: sandbox.env,
          cwd: sandbox.directory,
        });
        expect(second).toMatchObject({ code: 2, stdout: '' });
        expect(second.stderr).toMatch(/^Error: Another program is already listening on a port/);
        expect(files(sandbox)).toEqual(before);
        expect(await callRpc(config.api, 'supervisor.getPID')).toBe(first.pid);
      });
    }

    scenarioTest('B4.4: with a taken port leaves its own socket and logs alone too', async ({ sandbox }) => {
      const port = await freePort();
      const inet = `[inet_http_server]\nport=127.0.0.1:${port}\n`;
      const config = writeConfig(sandbox, `${program}${inet}`);
      const first = await startDaemon(sandbox, flavour, config);
      await settled(sandbox, first);
      sandbox.write('other/supervisord.conf', `[supervisord]\nchildlogdir=%(here)s/..\n${inet}${program}`);
      const before = files(sandbox);
      const second = await runProgram(flavour.supervisord, ['-c', sandbox.path('other/supervisord.conf')], {
        env: sandbox.env,
        cwd: sandbox.path('other'),
      });
      expect(second).toMatchObject({ code: 2 });
      expect(second.stderr).toMatch(/^Error: Another program is already listening on a port/);
      expect(files(sandbox)).toEqual(before);
      expect(readdirSync(sandbox.path('other'))).toEqual(['supervisord.conf']);
    });
  },
  [ours],
);
