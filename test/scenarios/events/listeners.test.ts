/** Listeners that behave, and such that do not. */
import { readFileSync } from 'node:fs';

import { expect } from 'vitest';

import { normalizeLog } from '../../helpers/activity-log.ts';
import type { Flavour } from '../../helpers/flavours.ts';
import type { Sandbox } from '../../helpers/sandbox.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { waitFor } from '../../helpers/wait.ts';
import { onEachDaemon, Supervised } from '../lifecycle/supervised.ts';
import { comparable, type Manner, received, receivedEvents, shellListener } from './listeners.ts';

const unknownLine = (name: string): string =>
  `WARN ${name}: has entered the UNKNOWN state and will no longer receive events, this usually indicates the process violated the eventlistener protocol`;

/** What was received of events that `send` made, in order. */
function texts(sandbox: Sandbox, file: string): readonly string[] {
  return receivedEvents(sandbox, file).map(({ payload }) => payload.replace(/^type:t\n/, ''));
}

/** A daemon with one listener of each manner, in pools of their own or in one, all RUNNING. */
async function startListeners(
  sandbox: Sandbox,
  flavour: Flavour,
  manners: readonly Manner[],
  options = '',
): Promise<Supervised> {
  const sections = manners.map(
    (manner) => `[eventlistener:${manner}]
command=${shellListener(sandbox, `${manner}.txt`, manner)}
events=REMOTE_COMMUNICATION
${options}
`,
  );
  const supervised = await Supervised.start(sandbox, flavour, sections.join('\n'), 'loglevel=debug');
  await supervised.running(...manners);
  for (const manner of manners) {
    await supervised.logged(new RegExp(`${manner}: ACKNOWLEDGED -> READY`));
  }
  return supervised;
}

function send(supervised: Supervised, text: string): Promise<unknown> {
  return supervised.rpc('sendRemoteCommEvent', 't', text);
}

/**
 * What the log says about listeners and their events; without the output of listeners, which is more lines than one. Waits
 * until the file and its copy on stdout agree.
 */
async function eventLines({ config, daemon, sandbox }: Supervised): Promise<readonly string[]> {
  const text = await waitFor('the activity log and its copy on stdout to agree', () => {
    const file = readFileSync(config.logfile, 'utf8');
    return file === daemon.output.text && file;
  });
  const lines = text.match(/^\d{4}-.*(?: -> |event|result line|UNKNOWN state).*$/gm) ?? [];
  return normalizeLog(lines.join('\n'), sandbox.directory);
}

onEachDaemon('event listeners', (flavour) => {
  scenarioTest('B20.10: the log tells what was sent and what became of it', async ({ sandbox }) => {
    const supervised = await startListeners(sandbox, flavour, ['ok', 'pieces']);
    await send(supervised, 'one');
    await supervised.logged(/ok: BUSY[^]*pieces: BUSY[^]*pieces: ACKNOWLEDGED -> READY/);
    const lines = await eventLines(supervised);
    const linesOf = (name: string) => lines.filter((line) => line.includes(name));
    expect(linesOf('ok')).toEqual([
      'DEBG ok: ACKNOWLEDGED -> READY',
      'DEBG event 0 sent to listener ok',
      'DEBG ok: event was processed',
      'DEBG ok: BUSY -> ACKNOWLEDGED',
      'DEBG ok: ACKNOWLEDGED -> READY',
    ]);
    expect(linesOf('pieces')).toEqual(linesOf('ok').map((line) => line.replace('ok', 'pieces')));
    expect(receivedEvents(sandbox, 'pieces.txt').map(comparable)).toEqual([
      'ver:3.0 server:supervisor serial:0 pool:pieces poolserial:0 eventname:REMOTE_COMMUNICATION type:t\none',
    ]);
  });

  scenarioTest('B20.12: what was answered with FAIL is delivered again, first', async ({ sandbox }) => {
    const supervised = await startListeners(sandbox, flavour, ['fail']);
    await send(supervised, 'one');
    await send(supervised, 'two');
    await received(sandbox, 'fail.txt', 'two');
    expect(texts(sandbox, 'fail.txt')).toEqual(['one', 'one', 'two']);
    const [first, again] = receivedEvents(sandbox, 'fail.txt');
    expect(again).toEqual(first);
    expect(await eventLines(supervised)).toContain('WARN fail: event was rejected');
  });

  scenarioTest(
    'B20.12: what a listener has not finished when it dies is delivered again',
    async ({ sandbox }) => {
      const supervised = await startListeners(sandbox, flavour, ['die']);
      await send(supervised, 'one');
      await received(sandbox, 'die.txt', 'one', 2);
      const [first, again] = receivedEvents(sandbox, 'die.txt');
      expect(again).toEqual(first);
      expect(await eventLines(supervised)).toContain(
        'DEBG rebuffering event 0 for pool die (buf size=0, max=10)',
      );
    },
  );

  scenarioTest('B20.11: garbage ends it until the next start', async ({ sandbox }) => {
    const supervised = await startListeners(sandbox, flavour, ['garbage']);
    await send(supervised, 'one');
    await supervised.logged(/rebuffering/);
    await send(supervised, 'two');
    expect((await eventLines(supervised)).slice(2)).toEqual([
      "WARN garbage: bad result line: 'what is this?'",
      'DEBG garbage: BUSY -> UNKNOWN',
      unknownLine('garbage'),
      'DEBG rebuffering event 0 for pool garbage (buf size=0, max=10)',
    ]);
    expect(texts(sandbox, 'garbage.txt')).toEqual(['one']);
    await supervised.rpc('stopProcess', 'garbage');
    await supervised.rpc('startProcess', 'garbage');
    await received(sandbox, 'garbage.txt', 'one', 2);
    expect(texts(sandbox, 'garbage.txt')).toEqual(['one', 'one']);
  });

  scenarioTest('B20.11: so do words after an answer, which counts', async ({ sandbox }) => {
    const supervised = await startListeners(sandbox, flavour, ['spurious']);
    await send(supervised, 'one');
    await supervised.logged(/has entered the UNKNOWN state/);
    expect((await eventLines(supervised)).slice(2)).toEqual([
      'DEBG spurious: event was processed',
      'DEBG spurious: BUSY -> ACKNOWLEDGED',
      'DEBG spurious: ACKNOWLEDGED -> READY',
      'DEBG spurious: READY -> UNKNOWN',
      unknownLine('spurious'),
    ]);
  });

  scenarioTest(
    'B20.13, B20.14: the events of one that never answers wait, the newest of them',
    async ({ sandbox }) => {
      const supervised = await startListeners(sandbox, flavour, ['never'], 'buffer_size=2');
      for (const text of ['one', 'two', 'three', 'four', 'five']) {
        await send(supervised, text);
      }
      const lines = (await eventLines(supervised)).filter((line) => line.includes('overflowed'));
      expect(lines).toEqual([
        'ERRO pool never event buffer overflowed, discarding event 1',
        'ERRO pool never event buffer overflowed, discarding event 2',
      ]);
      expect(texts(sandbox, 'never.txt')).toEqual(['one']);
    },
  );

  scenarioTest('B10.3, B20.14: several listeners of a pool share its events', async ({ sandbox }) => {
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[eventlistener:many]
command=${shellListener(sandbox, 'many.txt', 'never')}
process_name=%(program_name)s_%(process_num)s
numprocs=3
events=REMOTE_COMMUNICATION
`,
      'loglevel=debug',
    );
    await supervised.running('many_0', 'many_1', 'many_2');
    for (const name of ['many_0', 'many_1', 'many_2']) {
      await supervised.logged(new RegExp(`${name}: ACKNOWLEDGED -> READY`));
    }
    for (const [count, text] of ['one', 'two', 'three', 'four'].entries()) {
      await send(supervised, text);
      await received(sandbox, 'many.txt', 'type:t', Math.min(count + 1, 3));
    }
    const sent = (await eventLines(supervised)).filter((line) => line.includes('sent to'));
    expect(sent).toEqual([
      'DEBG event 0 sent to listener many_0',
      'DEBG event 1 sent to listener many_1',
      'DEBG event 2 sent to listener many_2',
    ]);
  });

  scenarioTest('B20.6: ticks are multiples of five seconds', async ({ sandbox }) => {
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[eventlistener:clock]
command=${shellListener(sandbox, 'clock.txt', 'ok')}
events=TICK_5
`,
    );
    await supervised.running('clock');
    await received(sandbox, 'clock.txt', 'TICK_5', 2);
    const ticks = receivedEvents(sandbox, 'clock.txt');
    const whens = ticks.map(({ payload }) => Number(/^when:(\d+)$/.exec(payload)?.[1]));
    expect(whens.every((when) => when % 5 === 0)).toBe(true);
    expect((whens[1] ?? 0) - (whens[0] ?? 0)).toBe(5);
    expect(ticks[0]?.header).toBe(
      'ver:3.0 server:supervisor serial:0 pool:clock poolserial:0 eventname:TICK_5 len:15\n',
    );
  });

  scenarioTest(
    'B21.4: a restart goes on with the serials, and begins those of the pool anew',
    async ({ sandbox }) => {
      const supervised = await startListeners(sandbox, flavour, ['ok']);
      await send(supervised, 'one');
      await supervised.logged(/BUSY -> ACKNOWLEDGED[^]*ACKNOWLEDGED -> READY/);
      const mark = supervised.mark();
      await supervised.rpc('restart');
      await supervised.logged(/ok: ACKNOWLEDGED -> READY/, mark);
      await send(supervised, 'two');
      await received(sandbox, 'ok.txt', 'two');
      expect(receivedEvents(sandbox, 'ok.txt')[1]?.header).toContain(' serial:1 pool:ok poolserial:0 ');
    },
  );
});
