/** What changes the daemon itself. */
import { writeFileSync } from 'node:fs';
import { describe, it } from 'vitest';

import { waitFor } from '../../helpers/wait.ts';
import { expectAgreement, reasonAgainstPairs } from './pairs.ts';
import type { Step } from './pairs.ts';

const first = `
[program:steady]
command=/bin/sleep 1000
startsecs=0

[program:gone]
command=/bin/sleep 1000
startsecs=0

[program:altered]
command=/bin/sleep 1000
startsecs=0
`;

const second = `
[program:steady]
command=/bin/sleep 1000
startsecs=0

[program:altered]
command=/bin/sleep 2000
startsecs=0

[program:fresh]
command=/bin/sleep 1000
startsecs=0

[program:later]
command=/bin/sleep 1000
autostart=false

[group:team]
programs=later
`;

/** One group of each kind, all running. */
const kinds = (options: string, more = ''): string => `
[program:steady]
command=/bin/sleep 1000
startsecs=0

[program:member]
command=/bin/sleep 1000
process_name=m%(process_num)d
numprocs=2
startsecs=0
${options}

[group:team]
programs=member

[eventlistener:ear]
command=/bin/sleep 1000
startsecs=0
events=TICK_3600
${options}

[fcgi-program:served]
command=/bin/sleep 1000
startsecs=0
socket=unix://%(here)s/served.sock
${options}
${more}
`;

function configure(programs: string): Step {
  return (bench) => {
    const { configFile } = bench.config;
    const head = bench.sandbox.read('supervisord.conf').split('\n[program:')[0] ?? '';
    writeFileSync(configFile, `${head}\n${programs}`);
  };
}

const unreachable: Step = async (bench) => {
  await bench.daemon.ended;
};

/** Until the daemon has restarted its programs. */
const restarted: Step = async (bench) => {
  await waitFor('the daemon to come back', async () => {
    await bench.reaches('steady', 'RUNNING');
    return true;
  });
};

const cases: Readonly<Record<string, readonly Step[]>> = {
  'B17.14: reread without changes': ['reread', 'update', 'avail'],
  'B17.14: reread with changes, and a bad configuration': [
    configure(second),
    'reread',
    'reread',
    'avail',
    configure('[program:x]\n'),
    'reread',
    'update',
    'update x',
    'status',
  ],
  'B17.15: add and remove': [
    configure(second),
    'add fresh',
    'reread',
    'add fresh',
    'add fresh nosuch steady',
    'add team',
    'status team:*',
    'remove steady',
    'remove nosuch',
    'stop gone',
    'remove gone',
    'remove team',
    'status',
    'add',
    'remove',
  ],
  'B17.16: update': [configure(second), 'update', 'status', 'update', 'avail'],
  'B17.16: update all': [configure(second), 'update all', 'status'],
  'B17.16: update of some groups': [
    configure(second),
    'update fresh',
    'update nosuch',
    'update nosuch gone',
    'update altered',
    'status',
  ],
  'B17.16: update of running groups, pools and sockets': [
    configure(kinds('priority=3')),
    'update',
    'status',
    configure(kinds('priority=4', '[include]\nfiles=none*.conf\n')),
    'reread',
    'update served team nosuch',
    'reread',
    'update all nosuch',
    'avail',
    'remove team',
    'stop team:*',
    'remove team:*',
    'remove team',
    'update team',
    'status team:*',
    configure(kinds('priority=4', '[include]\nfiles=%(here)s/broken*.conf\n')),
    (bench) => void bench.sandbox.write('broken.conf', '[program:broken]\n'),
    'reread',
    'update',
    configure(kinds('stopwaitsecs=5\nautostart=false')),
    'update team ear',
    'status',
  ],
  'B17.17: reload': ['reload', restarted, 'status'],
  'B17.17: shutdown': ['shutdown', unreachable, 'shutdown', 'status', 'reload', 'update'],
};

const title = 'supervisorctl changes the daemon, through every pair';

describe.skipIf(reasonAgainstPairs !== null)(
  reasonAgainstPairs === null ? title : `${title} (${reasonAgainstPairs})`,
  () => {
    it.each(Object.entries(cases))(
      '%s',
      async (_, steps) => {
        // Which of several processes has stopped first is up to chance.
        const isUnordered = (command: string): boolean => command.startsWith('stop ');
        await expectAgreement({ programs: first, steps, isUnordered });
      },
      120_000,
    );
  },
);
