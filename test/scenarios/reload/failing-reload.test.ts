/** A reload that cannot succeed: seen beforehand it is refused, otherwise the configuration before is used again. */
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';

import { describe, expect } from 'vitest';

import { ours } from '../../helpers/flavours.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { Reloading } from './reloading.ts';

const missing = ours.supervisordMissing;

const steady = '[program:steady]\ncommand=/bin/sleep 1000\nstartsecs=0\n';

/** Somebody else who listens, and answers. */
async function occupy(address: { readonly path: string } | { readonly port: 0 }): Promise<Server> {
  const server = createServer((socket) => void socket.on('error', () => undefined).end('hello\n'));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(address, resolve);
  });
  return server;
}

describe.skipIf(missing !== null).concurrent(missing === null ? 'a reload' : `a reload (${missing})`, () => {
  scenarioTest('is refused when a server, the log or the user could not be had', async ({ sandbox }) => {
    const other = await occupy({ port: 0 });
    try {
      const { port } = other.address() as AddressInfo;
      const reloading = await Reloading.start(sandbox, steady);
      const before = await reloading.pids();
      mkdirSync(sandbox.path('folder'));
      const tries: readonly (readonly [text: string, reason: string])[] = [
        [`[inet_http_server]\nport=*:${String(port)}\n`, '[inet_http_server] cannot be opened: EADDRINUSE'],
        [
          `[unix_http_server:more]\nfile=${sandbox.path('nowhere/s.sock')}\n`,
          `[unix_http_server:more] cannot be opened: ${sandbox.path('nowhere')}: ENOENT`,
        ],
        [
          `[unix_http_server:more]\nfile=${sandbox.path('folder')}\n`,
          `[unix_http_server:more] cannot be opened: ${sandbox.path('folder')} exists and is not a socket`,
        ],
        [
          `[supervisord]\nlogfile=${sandbox.path('folder')}\n`,
          `cannot open the activity log ${sandbox.path('folder')}: EISDIR`,
        ],
      ];
      for (const [text, reason] of tries) {
        reloading.configure(`${text}${steady}`);
        expect(await reloading.ctl('reload')).toEqual({
          code: 1,
          stdout: `ERROR: CANT_REREAD: ${reason}\n`,
          stderr: '',
        });
        const mark = reloading.supervised.mark();
        reloading.supervised.daemon.signal('SIGHUP');
        await reloading.supervised.logged(/CRIT cannot restart with the configuration as it is now/, mark);
      }
      expect(await reloading.pids()).toEqual(before);
      // Its own servers do not stand in its way.
      reloading.configure(`${steady}[program:fresh]\ncommand=/bin/sleep 1000\n`);
      const mark = reloading.supervised.mark();
      expect((await reloading.ctl('reload')).stdout).toBe('Restarted supervisord\n');
      await reloading.supervised.logged(/success: fresh entered RUNNING/, mark);
    } finally {
      other.close();
    }
  });

  scenarioTest('that fails half-way ends with the configuration before', async ({ sandbox }) => {
    const reloading = await Reloading.start(sandbox, steady);
    const { supervised } = reloading;
    // Whether somebody answers at a socket is not looked at before everything was stopped.
    const other = await occupy({ path: sandbox.path('taken.sock') });
    try {
      reloading.configure(
        `[unix_http_server:more]\nfile=${sandbox.path('taken.sock')}\n[program:fresh]\ncommand=/bin/sleep 1\n`,
      );
      const mark = supervised.mark();
      expect((await reloading.ctl('reload')).stdout).toBe('Restarted supervisord\n');
      await supervised.logged(
        /CRIT cannot start with the new configuration, so the one before is used again: Another program is already/,
        mark,
      );
      await supervised.logged(/success: steady entered RUNNING/, mark);
      expect(Object.keys(await reloading.pids())).toEqual(['steady:steady']);
      // What was wrong can be mended, and tried again.
      other.close();
      reloading.configure(steady.replaceAll('steady', 'other'));
      const again = supervised.mark();
      supervised.daemon.signal('SIGHUP');
      await supervised.logged(/success: other entered RUNNING/, again);
    } finally {
      other.close();
    }
  });
});
