/** A daemon with nothing to wait for: no server, no timer, no log; only its children. */
import { expect } from 'vitest';

import { startDaemon } from '../../helpers/daemon.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { signalProcess } from '../../helpers/signal-process.ts';
import { onEachDaemon } from './supervised.ts';

onEachDaemon('without a server', (flavour) => {
  scenarioTest('stays, and starts a crashed program again', async ({ sandbox }) => {
    const configFile = sandbox.write(
      's.conf',
      `[supervisord]
logfile=%(here)s/s.log
pidfile=%(here)s/s.pid

[program:quiet]
command=/bin/sleep 1000
startsecs=0
autorestart=true
stdout_logfile=NONE
stderr_logfile=NONE
`,
    );
    const daemon = await startDaemon(sandbox, flavour, { configFile });
    const pidOfStart = async (count: number): Promise<number> => {
      const all = `(?:spawned: 'quiet' with pid (\\d+)[^]*?){${count}}`;
      await daemon.output.match(new RegExp(`${all}success: quiet`));
      return Number([...daemon.output.text.matchAll(/with pid (\d+)\n/g)].at(-1)?.[1]);
    };
    const pids: number[] = [];
    for (let start = 1; start <= 4; start += 1) {
      pids.push(await pidOfStart(start));
      signalProcess(pids.at(-1) ?? 0, 'SIGKILL');
    }
    expect(new Set(pids).size).toBe(4);
    daemon.signal('SIGTERM');
    expect(await daemon.ended).toEqual({ code: 0, signal: null });
  });
});
