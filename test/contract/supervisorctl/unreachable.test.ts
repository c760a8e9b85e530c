/** Nobody there, somebody else there, or somebody who wants a password. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect } from 'vitest';

import { runCtl } from '../../helpers/ctl.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { flavours, original, ours } from '../../helpers/flavours.ts';
import type { Flavour } from '../../helpers/flavours.ts';
import { freePort } from '../../helpers/free-port.ts';
import type { ProgramResult } from '../../helpers/run-program.ts';
import { Sandbox } from '../../helpers/sandbox.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { reasonAgainst } from './bench.ts';
import { everyCommand } from './commands.ts';
import { normalizeResult } from './normalize.ts';

async function both(
  sandbox: Sandbox,
  args: readonly string[],
  section: string,
  input?: string,
): Promise<ProgramResult> {
  const configFile = sandbox.write('ctl.conf', `[supervisorctl]\n${section}\n`);
  const run = async (ctl: Flavour): Promise<ProgramResult> => {
    const options = { configFile, ...(input === undefined ? {} : { input }) };
    const result = normalizeResult(await runCtl(sandbox, ctl, args, options), sandbox.directory);
    return { ...result, stderr: result.stderr.replace(/^.*GetPassWarning: .*\n.*\n/m, '') };
  };
  const [reference, result] = await Promise.all([run(original), run(ours)]);
  expect(result).toEqual(reference);
  return reference;
}

const reason = original.supervisorctlMissing ?? ours.supervisorctlMissing;

describe.skipIf(reason !== null)(
  `supervisorctl without a daemon${reason === null ? '' : ` (${reason})`}`,
  () => {
    scenarioTest.for(everyCommand)('B17.3: %s, refused connection', async (command, { sandbox }) => {
      const port = await freePort();
      await both(sandbox, command.split(' '), `serverurl=http://127.0.0.1:${port}`);
    });

    scenarioTest.for(everyCommand)('B17.3: %s, missing socket', async (command, { sandbox }) => {
      await both(sandbox, command.split(' '), `serverurl=unix://${sandbox.path('no.sock')}`);
    });

    scenarioTest('B17.3: exit statuses', async ({ sandbox }) => {
      const missing = `serverurl=unix://${sandbox.path('no.sock')}`;
      const refused = `serverurl=http://127.0.0.1:${await freePort()}`;
      expect(await both(sandbox, ['start', 'x'], missing)).toMatchObject({ code: 7 });
      expect(await both(sandbox, ['start', 'x'], refused)).toMatchObject({ code: 4 });
      expect(await both(sandbox, ['status'], missing)).toMatchObject({ code: 4 });
      expect(await both(sandbox, ['status'], refused)).toMatchObject({ code: 4 });
    });

    scenarioTest('B17.4: a server URL of another kind', async ({ sandbox }) => {
      await both(sandbox, ['status'], 'serverurl=ftp://example.org');
      await both(sandbox, ['status'], 'serverurl=somewhere');
    });

    scenarioTest('B17.4: a server of another kind', async ({ sandbox }) => {
      const server = createServer((request, response) => {
        response.statusCode = request.method === 'POST' ? 404 : 200;
        response.end('nothing here');
      });
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve);
      });
      const { port } = server.address() as AddressInfo;
      try {
        const result = await both(sandbox, ['status'], `serverurl=http://127.0.0.1:${port}`);
        expect(result).toMatchObject({ code: 1 });
        expect(result.stdout).toContain('<ProtocolError for 127.0.0.1/RPC2: 404 Not Found>');
      } finally {
        server.close();
        server.closeAllConnections();
      }
    });
  },
);

for (const daemon of flavours) {
  const against = reasonAgainst(daemon);
  describe.skipIf(against !== null)(
    `supervisorctl and passwords, on ${daemon.name} supervisord${against === null ? '' : ` (${against})`}`,
    () => {
      scenarioTest('B17.2: right, wrong and no password', async ({ sandbox }) => {
        const port = await freePort();
        const configFile = sandbox.write(
          'supervisord.conf',
          `[supervisord]
logfile=%(here)s/supervisord.log
pidfile=%(here)s/supervisord.pid
[inet_http_server]
port=127.0.0.1:${port}
username=admin
password=se:cret
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[program:up]
command=/bin/sleep 1000
startsecs=0
`,
        );
        await startDaemon(sandbox, daemon, { configFile });
        const server = `serverurl=http://127.0.0.1:${port}`;
        const known = `${server}\nusername=admin\npassword=se:cret`;
        const wrong = `${server}\nusername=admin\npassword=wrong`;
        const half = `${server}\nusername=admin`;

        expect(await both(sandbox, ['status'], known)).toMatchObject({ code: 0 });
        expect(await both(sandbox, ['-u', 'admin', '-p', 'se:cret', 'status'], server)).toMatchObject({
          code: 0,
        });
        expect(await both(sandbox, ['-p', 'wrong', 'status'], known)).toMatchObject({ code: 1 });
        for (const section of [server, wrong, half]) {
          for (const command of [
            'status',
            'start up',
            'reread',
            'shutdown',
            'version',
            'tail up',
            'tail -f up',
          ]) {
            const result = await both(sandbox, command.split(' '), section);
            expect(result).toMatchObject({ stderr: '', code: 1 });
            expect(result.stdout).toMatch(/^Server requires authentication\n/);
          }
        }
        // Compared without what Python says about its own library.
        const asked = await both(sandbox, [], server, 'admin\nse:cret\nstatus\nquit\n');
        expect(asked.stdout).toContain('up                               RUNNING   pid N, uptime T\n');
      });

      scenarioTest('B11.3: a daemon without the supervisor interface', async ({ sandbox }) => {
        const socket = sandbox.path('s.sock');
        const configFile = sandbox.write(
          'supervisord.conf',
          `[supervisord]
logfile=%(here)s/supervisord.log
pidfile=%(here)s/supervisord.pid
[unix_http_server]
file=%(here)s/s.sock
`,
        );
        await startDaemon(sandbox, daemon, { configFile });
        expect(await both(sandbox, ['start', 'x'], `serverurl=unix://${socket}`)).toMatchObject({ code: 3 });
        expect(await both(sandbox, ['status'], `serverurl=unix://${socket}`)).toMatchObject({ code: 4 });
        await both(sandbox, ['reread'], `serverurl=unix://${socket}`);
      });
    },
  );
}
