/** Programs that end as soon as they are started, and are started again for ever. */
import { expect } from 'vitest';

import { ours } from '../../helpers/flavours.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { onEachDaemon, Supervised } from './supervised.ts';

onEachDaemon('programs that end at once', (flavour) => {
  scenarioTest('B14.4: keep neither requests nor signals waiting', async ({ sandbox }) => {
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[program:flapping]
command=/bin/true
process_name=%(process_num)d
numprocs=40
startsecs=0
autorestart=true
stdout_logfile=NONE
stderr_logfile=NONE
`,
    );
    for (let request = 0; request < 2; request += 1) {
      expect(await supervised.rpc('getAllProcessInfo')).toHaveLength(40);
    }
    expect(await supervised.end('SIGTERM')).toEqual({ code: 0, signal: null });
  });
});

onEachDaemon(
  'a program that ends at once',
  (flavour) => {
    scenarioTest('is started once a second, and no more after a stop', async ({ sandbox }) => {
      const supervised = await Supervised.start(
        sandbox,
        flavour,
        `[program:brief]
command=/bin/true
startsecs=0
autorestart=true
stdout_logfile=NONE
stderr_logfile=NONE
`,
      );
      for (let start = 1; start <= 4; start += 1) {
        await supervised.logged(new RegExp(`(?:spawned: 'brief'[^]*){${start}}`));
      }
      const starts = [...supervised.daemon.output.text.matchAll(/^\S+ (\S+) INFO spawned: 'brief'/gm)];
      const seconds = starts.map((match) => secondsOf(match[1] ?? ''));
      const apart = seconds.slice(1).map((at, index) => (at - (seconds[index] ?? 0) + 86_400) % 86_400);
      expect(apart.every((interval) => interval >= 0.99)).toBe(true);
      await supervised.logged(/exited: brief[^\n]*\n$/);
      expect(await supervised.rpc('stopProcess', 'brief')).toBe(true);
      expect(await supervised.info('brief')).toMatchObject({ statename: 'STOPPED', pid: 0 });
      expect(await supervised.end('SIGTERM')).toEqual({ code: 0, signal: null });
    });
  },
  [ours],
);

/** Of a time such as `12:34:56,789`. */
function secondsOf(time: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = time.replace(',', '.').split(':').map(Number);
  return hours * 3600 + minutes * 60 + seconds;
}
