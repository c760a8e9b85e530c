/** The daemon under a service manager: what it says over NOTIFY_SOCKET, and the unit file. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { writeConfig } from '../../helpers/config.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { ours, projectRoot } from '../../helpers/flavours.ts';
import { environmentOf } from '../../helpers/process-table.ts';
import { startProgram } from '../../helpers/run-program.ts';
import type { Sandbox } from '../../helpers/sandbox.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { callRpc } from '../../helpers/xml-rpc.ts';

const python = '/usr/bin/python3';
const unable =
  ours.supervisordMissing ?? (existsSync(python) ? null : 'needs python3 as the service manager');

/** Node has no datagram sockets in the file system; this one prints what it is told, one message a line. */
const receiver = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
name = sys.argv[1]
s.bind('\\0' + name[1:] if name[0] == '@' else name)
print('listening', flush=True)
while True:
    print(s.recv(65536).decode().replace('\\n', ' '), flush=True)
`;

/** A service manager that listens, and everything that it was told. */
async function startManager(sandbox: Sandbox, socket: string) {
  const program = startProgram(python, ['-c', receiver, socket], {
    env: sandbox.env,
    cwd: sandbox.directory,
  });
  await program.stdout.match(/listening\n/);
  return {
    program,
    told: (pattern: RegExp) => program.stdout.match(pattern),
    lines: () => program.stdout.text.split('\n').slice(1, -1),
    end: async () => {
      program.kill('SIGKILL');
      await program.ended;
    },
  };
}

const programs = `[program:steady]
command=/bin/sleep 1000
startsecs=0
`;

describe.skipIf(unable !== null).concurrent(`under a service manager (${unable ?? 'ours'})`, () => {
  scenarioTest('tells when it is ready, begins anew, and stops', async ({ sandbox }) => {
    const manager = await startManager(sandbox, sandbox.path('notify'));
    try {
      const config = writeConfig(sandbox, programs);
      const env = { NOTIFY_SOCKET: sandbox.path('notify'), WATCHDOG_USEC: '400000' };
      const daemon = await startDaemon(sandbox, ours, { ...config, env });
      await manager.told(new RegExp(`READY=1 MAINPID=${daemon.pid}\n`));
      const [info] = (await callRpc(config.api, 'supervisor.getAllProcessInfo')) as unknown as [
        { pid: number; statename: string },
      ];
      expect(info.statename).toBe('RUNNING');
      expect(environmentOf(info.pid).filter((entry) => /^(NOTIFY|WATCHDOG)_/.test(entry))).toEqual([]);
      await manager.told(/(WATCHDOG=1\n[^]*){3}/);
      await manager.told(/STATUS=1 of 1 processes running\n/);
      daemon.signal('SIGHUP');
      await manager.told(/RELOADING=1 MONOTONIC_USEC=\d+\n[^]*READY=1/);
      daemon.signal('SIGTERM');
      expect(await daemon.ended).toEqual({ code: 0, signal: null });
      await manager.told(/STOPPING=1\n/);
      const milestones = manager.lines().filter((line) => !/^(WATCHDOG|STATUS)=/.test(line));
      expect(milestones.map((line) => line.split('=')[0])).toEqual([
        'READY',
        'RELOADING',
        'READY',
        'STOPPING',
      ]);
    } finally {
      await manager.end();
    }
  });

  scenarioTest('speaks to a socket in the abstract namespace too', async ({ sandbox }) => {
    const socket = `@${path.basename(sandbox.directory)}`;
    const manager = await startManager(sandbox, socket);
    try {
      const config = writeConfig(sandbox, programs);
      await startDaemon(sandbox, ours, { ...config, env: { NOTIFY_SOCKET: socket } });
      await manager.told(/READY=1/);
    } finally {
      await manager.end();
    }
  });

  scenarioTest('runs on without one that has gone', async ({ sandbox }) => {
    const config = writeConfig(sandbox, programs);
    const env = { NOTIFY_SOCKET: sandbox.path('nobody'), WATCHDOG_USEC: '1000' };
    const daemon = await startDaemon(sandbox, ours, { ...config, env });
    await daemon.output.match(/success: steady/);
    daemon.signal('SIGTERM');
    expect(await daemon.ended).toEqual({ code: 0, signal: null });
    expect(daemon.stderr.text).toBe('');
  });
});

const analyze = '/usr/bin/systemd-analyze';
const unitFile = path.join(projectRoot, 'examples/systemd/supervisord.service');

describe.skipIf(!existsSync(analyze))(`the unit file (needs ${analyze})`, () => {
  it('has nothing that systemd complains about, but that the program is not installed here', () => {
    const { stdout, stderr } = spawnSync(analyze, ['verify', '--man=no', unitFile], { encoding: 'utf8' });
    const complaints = `${stdout}${stderr}`
      .split('\n')
      .filter((line) => line.includes('supervisord.service'));
    expect(complaints.filter((line) => !line.includes('is not executable'))).toEqual([]);
  });

  scenarioTest('is complained about with the drop-in as little', ({ sandbox }) => {
    const dropIn = readFileSync(path.join(path.dirname(unitFile), 'hardening.conf'), 'utf8');
    const unit = readFileSync(unitFile, 'utf8').replaceAll(/\/usr\/local\/bin\/supervisor\w+/g, '/bin/true');
    const both = sandbox.write('hardened.service', `${unit}\n${dropIn}`);
    const { stdout, stderr } = spawnSync(analyze, ['verify', '--man=no', both], { encoding: 'utf8' });
    expect(`${stdout}${stderr}`.split('\n').filter((line) => line.includes('hardened.service'))).toEqual([]);
  });
});
