/** Programs that end as soon as they are started, and are started again for ever. */
import { expect } from 'vitest';

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
