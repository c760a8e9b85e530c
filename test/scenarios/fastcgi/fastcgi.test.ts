/** FastCGI programs: one socket for all processes of a group, which is their stdin. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';

import { describe, expect } from 'vitest';

import { freePort } from '../../helpers/free-port.ts';
import { ours } from '../../helpers/flavours.ts';
import { runProgram } from '../../helpers/run-program.ts';
import type { Sandbox } from '../../helpers/sandbox.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { writeConfig } from '../../helpers/config.ts';
import { onEachDaemon, Supervised } from '../lifecycle/supervised.ts';
import { repeatDuring } from './repeat-during.ts';
import { askWorker, workerCommand } from './worker.ts';

const isRoot = process.getuid?.() === 0;

/** Two processes on one socket file. */
function pair(sandbox: Sandbox, options = ''): string {
  return `[fcgi-program:app]
command=${workerCommand(sandbox)}
process_name=app_%(process_num)d
numprocs=2
socket=unix://%(here)s/app.sock
stdout_logfile=%(here)s/app.log
autorestart=true
${options}
`;
}

/** What the activity log says of sockets, which is written before a request is answered. */
function socketLines({ config, sandbox }: Supervised): readonly string[] {
  const lines = readFileSync(config.logfile, 'utf8').match(/INFO (?:Creating|Closing) socket .*$/gm) ?? [];
  return lines.map((line) => line.replace(sandbox.directory, 'HERE'));
}

function ready(supervised: Supervised, mark = 0): Promise<void> {
  return supervised.logged(/ready/, mark);
}

onEachDaemon('FastCGI programs', (flavour) => {
  scenarioTest(
    'B9.3, B9.5: share a socket as descriptor 0, from the first to the last process',
    async ({ sandbox }) => {
      const supervised = await Supervised.start(
        sandbox,
        flavour,
        pair(sandbox, 'socket_mode=0640'),
        'loglevel=debug',
      );
      const path = sandbox.path('app.sock');
      await supervised.running('app_0', 'app_1');
      await ready(supervised);
      const pids = [(await supervised.info('app:app_0')).pid, (await supervised.info('app:app_1')).pid];
      const answer = await askWorker({ path });
      expect(pids).toContain(answer.pid);
      expect(answer.sockets).toBe('0');
      expect(statSync(path).mode & 0o7777).toBe(0o640);
      await expect(supervised.rpc('sendProcessStdin', 'app:app_0', 'x')).rejects.toThrow(
        'NO_FILE: app:app_0',
      );

      await supervised.rpc('stopProcess', 'app:app_0');
      expect((await askWorker({ path })).pid).toBe(pids[1]);
      await supervised.rpc('stopProcess', 'app:app_1');
      await expect(askWorker({ path })).rejects.toThrow('ECONNREFUSED');
      expect(existsSync(path)).toBe(true);

      const mark = supervised.mark();
      await supervised.rpc('startProcess', 'app:app_1');
      await ready(supervised, mark);
      expect((await askWorker({ path })).pid).toBe((await supervised.info('app:app_1')).pid);
      const url = 'unix://HERE/app.sock';
      const opening = `INFO Creating socket ${url}`;
      const closing = `INFO Closing socket ${url}`;
      expect(socketLines(supervised)).toEqual([opening, closing, opening, closing, opening]);
    },
  );

  scenarioTest('B9.2, B9.4: listen on TCP, and on a path that a dead socket has', async ({ sandbox }) => {
    const port = await freePort();
    const server = createServer();
    const path = sandbox.path('app.sock');
    await new Promise<void>((resolve) => {
      server.listen(path, resolve);
    });
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `${pair(sandbox, isRoot ? 'socket_owner=nobody:daemon\nsocket_backlog=5' : 'socket_backlog=5')}
[fcgi-program:tcp]
command=${workerCommand(sandbox)}
socket=tcp://localhost:${port}
[program:other]
command=/bin/sh -c "ls -l /proc/self/fd; exec sleep 1000"
stdout_logfile=%(here)s/other.log
`,
      'loglevel=debug',
    );
    await supervised.running('app_0', 'app_1', 'tcp', 'other');
    await supervised.logged(/'tcp' stdout output:\s+ready/);
    expect((await askWorker({ port })).pid).toBe((await supervised.info('tcp')).pid);
    await supervised.logged(/'app_[01]' stdout output:\s+ready/);
    expect((await askWorker({ path })).sockets).toBe('0');
    const { mode, uid } = statSync(path);
    expect(mode & 0o7777).toBe(0o700);
    expect(uid === 65534).toBe(isRoot);
    expect(readFileSync(sandbox.path('other.log'), 'utf8')).not.toContain('socket:');
    // Not before: this removes the file.
    server.close();
  });

  scenarioTest('B9.3: refuse no connection while a worker is restarted', async ({ sandbox }) => {
    const supervised = await Supervised.start(sandbox, flavour, pair(sandbox), 'loglevel=debug');
    const path = sandbox.path('app.sock');
    await supervised.running('app_0', 'app_1');
    await supervised.logged(/'app_0' stdout output:\s+ready/);
    await supervised.logged(/'app_1' stdout output:\s+ready/);
    const pids = new Set<number>();
    await repeatDuring(
      async () => pids.add((await askWorker({ path })).pid),
      async () => {
        await supervised.rpc('stopProcess', 'app:app_0');
        await supervised.rpc('startProcess', 'app:app_0');
      },
    );
    expect(pids).toContain((await supervised.info('app:app_1')).pid);
    expect(pids).not.toContain(NaN);
  });
});

describe('FastCGI programs, where the original fails', () => {
  scenarioTest('the only process ends: connections wait for the next one', async ({ sandbox }) => {
    const supervised = await Supervised.start(
      sandbox,
      ours,
      `[fcgi-program:app]
command=/bin/sh -c "test -e %(here)s/healthy && exec ${workerCommand(sandbox)}; exit 1"
socket=unix://%(here)s/app.sock
startretries=100
`,
    );
    await supervised.logged(/exited: app/);
    const answer = askWorker({ path: sandbox.path('app.sock') });
    await supervised.logged(/exited: app/, supervised.mark());
    sandbox.write('healthy', '');
    expect((await answer).pid).toBe((await supervised.info('app')).pid);
    // Opened and closed once at the start, then opened for good.
    expect(socketLines(supervised)).toHaveLength(3);
  });

  scenarioTest('a socket that cannot be opened ends the start, and touches nothing', async ({ sandbox }) => {
    const file = sandbox.write('app.sock', 'no socket');
    const { configFile } = writeConfig(sandbox, pair(sandbox));
    const { code, stderr } = await runProgram(ours.supervisord, ['-n', '-c', configFile], {
      env: sandbox.env,
      cwd: sandbox.directory,
    });
    expect(code).toBe(2);
    expect(stderr).toContain(
      `Error: could not create FastCGI socket unix://${file}: ${file} exists and is not a socket`,
    );
    expect(sandbox.read('app.sock')).toBe('no socket');
    expect(existsSync(sandbox.path('supervisord.pid'))).toBe(false);
  });

  scenarioTest('a group that is added without its socket says why, and tries again', async ({ sandbox }) => {
    const supervised = await Supervised.start(sandbox, ours, pair(sandbox));
    await supervised.running('app_0', 'app_1');
    await supervised.rpc('stopProcessGroup', 'app');
    await supervised.rpc('removeProcessGroup', 'app');
    const port = await freePort();
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(port, '127.0.0.1', resolve);
    });
    writeConfig(
      sandbox,
      `[fcgi-program:tcp]
command=${workerCommand(sandbox)}
socket=tcp://127.0.0.1:${port}
startretries=100
`,
    );
    await supervised.rpc('reloadConfig');
    await supervised.rpc('addProcessGroup', 'tcp');
    await supervised.logged(/spawnerr: could not create FastCGI socket/);
    expect((await supervised.info('tcp')).spawnerr).toBe(
      `could not create FastCGI socket tcp://127.0.0.1:${port}: EADDRINUSE`,
    );
    server.close();
    await supervised.running('tcp');
    expect((await askWorker({ port })).pid).toBe((await supervised.info('tcp')).pid);
  });
});
