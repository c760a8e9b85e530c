/** More output than would fit into memory, or than could be handled a line at a time. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import os from 'node:os';

import { describe, expect, test } from 'vitest';

import { hasPerl, perlNote } from '../../helpers/debian.ts';
import { ours } from '../../helpers/flavours.ts';
import { Sandbox } from '../../helpers/sandbox.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { waitFor } from '../../helpers/wait.ts';
import { Supervised } from '../lifecycle/supervised.ts';

const gigabyte = 1e9;

function statusNumber(pid: number, name: string): number {
  const line = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1]);
}

const skipped = ours.supervisordMissing;

describe.skipIf(skipped !== null)(`floods${skipped === null ? '' : ` (${skipped})`}`, () => {
  test('a line of 1 GB without an end, through capture mode and strip_ansi, takes bounded memory', async () => {
    const sandbox = new Sandbox(existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir());
    try {
      const supervised = await Supervised.start(
        sandbox,
        ours,
        `[program:line]
command=/bin/sh -c 'read go; head -c ${gigabyte} /dev/zero'
autorestart=false
startsecs=0
stdout_logfile=%(here)s/line.log
stdout_logfile_maxbytes=100MB
stdout_logfile_backups=20
stdout_capture_maxbytes=1MB

[program:shared]
command=/bin/sh -c 'read go; head -c 20000000 /dev/zero'
process_name=%(program_name)s_%(process_num)d
numprocs=2
autorestart=false
startsecs=0
stdout_logfile=/dev/stderr
stdout_logfile_maxbytes=0
`,
        'strip_ansi=true',
      );
      const { pid } = supervised.daemon;
      const before = statusNumber(pid, 'VmHWM') / 1024;
      for (const name of ['line', 'shared:shared_0', 'shared:shared_1']) {
        await supervised.rpc('sendProcessStdin', name, 'go\n');
      }
      await supervised.logged(/exited: line/);
      await waitFor('the shared ones', () => supervised.daemon.stderr.text.length === 40_000_000);
      const logs = readdirSync(sandbox.directory).filter((name) => name.startsWith('line.log'));
      expect(logs.reduce((sum, name) => sum + statSync(sandbox.path(name)).size, 0)).toBe(gigabyte);
      expect(statusNumber(pid, 'VmHWM') / 1024 - before).toBeLessThan(100);
    } finally {
      await sandbox.close();
    }
  });

  scenarioTest.skipIf(!hasPerl)(
    `B16.2: many small writers do not wake the daemon once a line${perlNote}`,
    async ({ sandbox }) => {
      const script = `$| = 1; <STDIN>; for (1 .. 200) { print "line $_\\n"; select undef, undef, undef, 0.01 }`;
      const supervised = await Supervised.start(
        sandbox,
        ours,
        `[program:small]
command=/usr/bin/perl ${sandbox.write('small.pl', script)}
process_name=%(program_name)s_%(process_num)d
numprocs=50
autorestart=false
startsecs=0
stdout_logfile=%(here)s/small_%(process_num)d.log
`,
      );
      const wakes = (): number => statusNumber(supervised.daemon.pid, 'voluntary_ctxt_switches');
      const names = Array.from({ length: 50 }, (_, index) => `small_${index}`);
      await supervised.running(...names);
      const calls = names.map((name) => supervised.rpc('sendProcessStdin', `small:${name}`, 'go\n'));
      await Promise.all(calls);
      const before = wakes();
      for (const name of names) {
        await supervised.logged(new RegExp(`exited: ${name} `));
        expect(sandbox.read(`${name}.log`).trimEnd().split('\n')).toEqual(
          Array.from({ length: 200 }, (_, index) => `line ${index + 1}`),
        );
      }
      expect(wakes() - before).toBeLessThan((50 * 200) / 8);
    },
  );
});
