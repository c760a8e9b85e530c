/** The daemon as the first process of a container. */
import { existsSync } from 'node:fs';

import { describe, expect } from 'vitest';

import { writeConfig } from '../../helpers/config.ts';
import { flavours } from '../../helpers/flavours.ts';
import { childrenOf } from '../../helpers/process-table.ts';
import { startProgram } from '../../helpers/run-program.ts';
import { signalProcess } from '../../helpers/signal-process.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';

const unshare = '/usr/bin/unshare';

for (const flavour of flavours) {
  const reason =
    flavour.supervisordMissing ??
    (process.getuid?.() !== 0 || !existsSync(unshare) ? 'needs root and unshare for a PID namespace' : null);
  const title = `as PID 1, ${flavour.name} supervisord`;

  describe.skipIf(reason !== null).concurrent(reason === null ? title : `${title} (${reason})`, () => {
    scenarioTest('B13.4: reaps orphans it never started, and ends on TERM', async ({ sandbox }) => {
      const config = writeConfig(
        sandbox,
        `[program:careless]
command=/bin/sh -c '(sleep 0.2 &); exec sleep 1000'
startsecs=0
`,
      );
      const namespace = startProgram(
        unshare,
        [
          '--pid',
          '--fork',
          '--mount-proc',
          '--kill-child',
          flavour.supervisord,
          '-n',
          '-c',
          config.configFile,
        ],
        { env: sandbox.env, cwd: sandbox.directory },
      );
      sandbox.adopt(namespace.pid);
      await namespace.stdout.match(/supervisord started with pid 1\n/);
      await namespace.stdout.match(/INFO reaped unknown pid \d+ \(exit status 0\)\n/);
      const pids = childrenOf(namespace.pid).map((child) => child.pid);
      expect(pids).toHaveLength(1);
      sandbox.observe();
      for (const pid of pids) {
        signalProcess(pid, 'SIGTERM');
      }
      expect(await namespace.ended).toEqual({ code: 0, signal: null });
      expect(namespace.stdout.text).toMatch(/WARN stopped: careless \(terminated by SIGTERM\)\n$/);
      expect(sandbox.survivors()).toEqual([]);
    });
  });
}
