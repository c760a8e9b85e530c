/** What changes the daemon itself: each control program has one of its own and goes through the same steps. */
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { flavours, original, ours } from '../../helpers/flavours.ts';
import type { Flavour } from '../../helpers/flavours.ts';
import { waitFor } from '../../helpers/wait.ts';
import { Bench, reasonAgainst } from './bench.ts';

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

/** A command to run, or something to do in between. */
type Step = string | ((bench: Bench) => unknown);

/** Runs the steps on a daemon of its own and returns all that was said. */
async function transcript(
  daemon: Flavour,
  ctl: Flavour,
  steps: readonly Step[],
): Promise<readonly unknown[]> {
  const bench = await Bench.start(daemon, first);
  const said: unknown[] = [];
  try {
    for (const step of steps) {
      if (typeof step === 'string') {
        said.push([step, await bench.run(ctl, step.split(' '))]);
      } else {
        await step(bench);
      }
    }
  } finally {
    await bench.close();
  }
  return said;
}

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
  'B17.17: reload': ['reload', restarted, 'status'],
  'B17.17: shutdown': ['shutdown', unreachable, 'shutdown', 'status', 'reload', 'update'],
};

for (const daemon of flavours) {
  const reason = reasonAgainst(daemon);
  const title = `supervisorctl changes ${daemon.name} supervisord`;
  describe.skipIf(reason !== null)(reason === null ? title : `${title} (${reason})`, () => {
    it.each(Object.entries(cases))('%s', async (_, steps) => {
      const [reference, result] = await Promise.all([
        transcript(daemon, original, steps),
        transcript(daemon, ours, steps),
      ]);
      expect(result).toEqual(reference);
    });
  });
}
