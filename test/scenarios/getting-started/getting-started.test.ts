/** What `npm start` runs, copied aside and given free ports, on a machine with only Node. */
import { cpSync, readFileSync, rmSync } from 'node:fs';

import { describe, expect } from 'vitest';

import { startDaemon } from '../../helpers/daemon.ts';
import { flavours, projectRoot } from '../../helpers/flavours.ts';
import { freePort } from '../../helpers/free-port.ts';
import { httpGet } from '../../helpers/http.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { callRpc } from '../../helpers/xml-rpc.ts';

const files = ['supervisord.conf', 'programs', 'run/.gitignore'];

for (const flavour of flavours) {
  const reason = flavour.supervisordMissing;
  const title = `getting-started, ${flavour.name} supervisord`;

  describe.skipIf(reason !== null)(reason === null ? title : `${title} (${reason})`, () => {
    scenarioTest('shows a dashboard and a web server, and runs every program', async ({ sandbox }) => {
      for (const file of files) {
        cpSync(`${projectRoot}/examples/getting-started/${file}`, sandbox.path(file), { recursive: true });
      }
      rmSync(sandbox.path('run/.gitignore'));
      const [adminPort, webPort] = [await freePort(), await freePort()];
      const configFile = sandbox.write(
        'supervisord.conf',
        readFileSync(sandbox.path('supervisord.conf'), 'utf8')
          .replaceAll('9001', String(adminPort))
          .replaceAll('8080', String(webPort)),
      );
      const daemon = await startDaemon(sandbox, flavour, { configFile, cwd: '/' });
      for (const name of ['web', 'worker_00', 'worker_01', 'flaky', 'chatty', 'echo']) {
        await daemon.output.match(new RegExp(`success: ${name} entered RUNNING state`));
      }
      expect((await httpGet({ port: webPort }, '/')).body).toMatch(/^Hello from a supervised program\.\n/);
      expect((await httpGet({ port: adminPort }, '/')).status).toBe(200);
      const api = { socketPath: sandbox.path('run/supervisor.sock') };
      const all = (await callRpc(api, 'supervisor.getAllProcessInfo')) as readonly {
        readonly name: string;
        readonly statename: string;
      }[];
      expect(all.map(({ name, statename }) => `${name} ${statename}`)).toEqual([
        'chatty RUNNING',
        'echo RUNNING',
        'flaky RUNNING',
        'on-demand STOPPED',
        'web RUNNING',
        'worker_00 RUNNING',
        'worker_01 RUNNING',
      ]);
      daemon.signal('SIGTERM');
      expect(await daemon.ended).toEqual({ code: 0, signal: null });
    });
  });
}
