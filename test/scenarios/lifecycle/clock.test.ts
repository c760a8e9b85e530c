/** The wall clock is set forth and back by hours: no delay becomes shorter or longer. */
import { existsSync, writeFileSync } from 'node:fs';

import { describe, expect } from 'vitest';

import { writeConfig } from '../../helpers/config.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { ours } from '../../helpers/flavours.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { waitFor } from '../../helpers/wait.ts';
import { callRpc } from '../../helpers/xml-rpc.ts';
import type { ProcessInfo } from './supervised.ts';

/** From Debian's package `libfaketime`. */
const faketime = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/faketime/libfaketimeMT.so.1`;
const reason = ours.supervisordMissing ?? (existsSync(faketime) ? null : 'not installed: libfaketime');

const programs = `[program:patient]
command=/bin/sleep 1000
startsecs=1000
[program:quick]
command=/bin/sleep 1000
startsecs=1
[program:failing]
command=/bin/sh -c 'exit 1'
startsecs=1
startretries=2
[program:stubborn]
command=/bin/sh -c 'trap "" TERM; while :; do sleep 0.1; done'
startsecs=0
stopwaitsecs=1
`;

describe.skipIf(reason !== null).concurrent(`a clock that is set (${reason ?? 'ours'})`, () => {
  for (const [where, offset, logged] of [
    ['forth', '+5h', '+'],
    ['back', '-5h', '-'],
  ] as const) {
    scenarioTest(`B14.11: ${where} by hours changes no delay`, async ({ sandbox }) => {
      const file = sandbox.write('offset', '+0\n');
      // Programs keep the machine's own time.
      const config = writeConfig(sandbox, programs, 'environment=LD_PRELOAD=""');
      const daemon = await startDaemon(sandbox, ours, {
        ...config,
        env: {
          LD_PRELOAD: faketime,
          FAKETIME_TIMESTAMP_FILE: file,
          FAKETIME_NO_CACHE: '1',
          FAKETIME_DONT_FAKE_MONOTONIC: '1',
        },
      });
      const info = async (name: string): Promise<ProcessInfo> =>
        (await callRpc(config.api, 'supervisor.getProcessInfo', [name])) as unknown as ProcessInfo;
      await daemon.output.match(/spawned: 'stubborn'/);
      writeFileSync(file, `${offset}\n`);
      await waitFor('the daemon to see the new time', async () => {
        const { now } = (await info('quick')) as ProcessInfo & { readonly now: number };
        const hours = (now - Date.now() / 1000) / 3600;
        return logged === '+' ? hours > 4 : hours < -4;
      });
      // Delays of seconds end, although a clock that went back has hours to go.
      await daemon.output.match(/success: quick/);
      await daemon.output.match(/gave up: failing/);
      expect(await callRpc(config.api, 'supervisor.stopProcess', ['stubborn'])).toBe(true);
      expect(daemon.output.text).toMatch(/killing 'stubborn' \(\d+\) with SIGKILL/);
      // One of a thousand seconds does not, although a clock that went forth is past it.
      expect((await info('patient')).statename).toBe('STARTING');
    });
  }
});
