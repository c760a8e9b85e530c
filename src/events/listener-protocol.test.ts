import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  eventSent,
  hear,
  initialListener,
  type ListenerEffect,
  type ListenerRecord,
  maxBodyBytes,
  maxLineBytes,
} from './listener-protocol.ts';
import { defaultVerdict } from './result-handlers.ts';

const judge = (body: Buffer) => (body.toString() === 'BROKEN' ? 'failed' : defaultVerdict(body));

const ready: ListenerRecord = { ...initialListener, state: 'READY' };
const busy = eventSent(ready);

/** Hears the pieces one after the other; the memory of each is overwritten, as that of a real read is. */
function hearAll(record: ListenerRecord, pieces: readonly Uint8Array[]): [ListenerRecord, ListenerEffect[]] {
  let current = record;
  const effects: ListenerEffect[] = [];
  for (const piece of pieces) {
    const copy = Uint8Array.from(piece);
    const step = hear(current, copy, judge);
    copy.fill(0x2a);
    current = step.record;
    effects.push(...step.effects);
  }
  return [current, effects];
}

/** An effect in short. */
function brief(effect: ListenerEffect): string {
  switch (effect.type) {
    case 'bad-line':
      return `bad ${effect.line.toString()}`;
    case 'judged':
      return effect.verdict;
    case 'changed':
      return `${effect.from}>${effect.to}`;
    case 'settled':
      return effect.event;
  }
}

describe('hear', () => {
  it.each<[string, ListenerRecord, readonly string[], string, readonly string[]]>([
    // What it says, in which state, in which reads; where that leads and what comes of it.
    ['B20.10: READY', initialListener, ['READY\n'], 'READY', ['ACKNOWLEDGED>READY']],
    ['READY in pieces', initialListener, ['REA', 'DY', '\n'], 'READY', ['ACKNOWLEDGED>READY']],
    ['less than a token', initialListener, ['what?'], 'ACKNOWLEDGED', []],
    ['B20.11: other words', initialListener, ['ready\n'], 'UNKNOWN', ['ACKNOWLEDGED>UNKNOWN']],
    ['other words, slowly', initialListener, ['abc', 'def'], 'UNKNOWN', ['ACKNOWLEDGED>UNKNOWN']],
    ['a blank line first', initialListener, ['\nREADY\n'], 'UNKNOWN', ['ACKNOWLEDGED>UNKNOWN']],
    ['B20.11: words while READY', ready, ['x'], 'UNKNOWN', ['READY>UNKNOWN']],
    ['READY twice', initialListener, ['READY\nREADY\n'], 'UNKNOWN', ['ACKNOWLEDGED>READY', 'READY>UNKNOWN']],
    ['B20.10: OK', busy, ['RESULT 2\nOK'], 'ACKNOWLEDGED', ['accepted', 'BUSY>ACKNOWLEDGED', 'done']],
    [
      'OK and READY at once',
      busy,
      ['RESULT 2\nOKREADY\n'],
      'READY',
      ['accepted', 'BUSY>ACKNOWLEDGED', 'done', 'ACKNOWLEDGED>READY'],
    ],
    [
      'OK in pieces',
      busy,
      ['RES', 'ULT 2', '\n', 'O', 'K'],
      'ACKNOWLEDGED',
      ['accepted', 'BUSY>ACKNOWLEDGED', 'done'],
    ],
    ['B20.12: FAIL', busy, ['RESULT 4\nFAIL'], 'ACKNOWLEDGED', ['rejected', 'BUSY>ACKNOWLEDGED', 'returned']],
    [
      'an empty answer',
      busy,
      ['RESULT 0\nREADY\n'],
      'READY',
      ['rejected', 'BUSY>ACKNOWLEDGED', 'returned', 'ACKNOWLEDGED>READY'],
    ],
    [
      'a line feed after the answer',
      busy,
      ['RESULT 2\nOK\nREADY\n'],
      'UNKNOWN',
      ['accepted', 'BUSY>ACKNOWLEDGED', 'done', 'ACKNOWLEDGED>UNKNOWN'],
    ],
    ['an answer that is not complete', busy, ['RESULT 3\nOK'], 'BUSY', []],
    ['a line that is not complete', busy, ['RESULT 2'], 'BUSY', []],
    ['B20.11: READY while BUSY', busy, ['READY\n'], 'UNKNOWN', ['bad READY', 'BUSY>UNKNOWN', 'returned']],
    [
      'B20.11: no number',
      busy,
      ['RESULT two\nOK'],
      'UNKNOWN',
      ['bad RESULT two', 'BUSY>UNKNOWN', 'returned'],
    ],
    ['a negative number', busy, ['RESULT -1\nOK'], 'UNKNOWN', ['bad RESULT -1', 'BUSY>UNKNOWN', 'returned']],
    [
      'a number as the original reads them',
      busy,
      ['result:  +2 \nOK'],
      'ACKNOWLEDGED',
      ['accepted', 'BUSY>ACKNOWLEDGED', 'done'],
    ],
    [
      'more than is collected',
      busy,
      [`RESULT ${maxBodyBytes + 1}\n`],
      'UNKNOWN',
      [`bad RESULT ${maxBodyBytes + 1}`, 'BUSY>UNKNOWN', 'returned'],
    ],
    [
      'B20.15: a handler that fails',
      busy,
      ['RESULT 6\nBROKENREADY\n'],
      'UNKNOWN',
      ['failed', 'BUSY>UNKNOWN', 'returned'],
    ],
    ['UNKNOWN is for ever', { ...initialListener, state: 'UNKNOWN' }, ['READY\n'], 'UNKNOWN', []],
  ])('%s', (_title, record, pieces, state, effects) => {
    const [after, said] = hearAll(
      record,
      pieces.map((piece) => Buffer.from(piece)),
    );
    expect([after.state, said.map(brief)]).toEqual([state, effects]);
  });

  it('gives up on a first line without an end, wherever it is cut', () => {
    const endless = Buffer.alloc(maxLineBytes + 10, 'x');
    const line = Buffer.alloc(maxLineBytes, 'x');
    for (const pieces of [
      [endless],
      [endless.subarray(0, 5), endless.subarray(5)],
      [Buffer.concat([endless, Buffer.from('\n')])],
    ]) {
      const [after, effects] = hearAll(busy, pieces);
      expect(after).toEqual({ state: 'UNKNOWN', pending: Buffer.alloc(0), bodyBytes: null });
      expect(effects[0]).toEqual({ type: 'bad-line', line });
    }
  });

  it('keeps nothing of a listener that is UNKNOWN', () => {
    const [after] = hearAll(initialListener, [Buffer.from('garbage'), Buffer.alloc(100_000)]);
    expect(after.pending).toHaveLength(0);
  });

  const words = fc.constantFrom(
    'READY\n',
    'RESULT 2\nOK',
    'RESULT 4\nFAIL',
    'RESULT 0\n',
    'READY',
    '\n',
    'é',
  );
  const starts = fc.constantFrom(initialListener, ready, busy);

  it('property: how the output is cut into reads makes no difference', () => {
    fc.assert(
      fc.property(starts, fc.array(words, { maxLength: 6 }), fc.array(fc.nat()), (start, said, cuts) => {
        const bytes = Buffer.from(said.join(''));
        const places = [
          0,
          ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b),
          bytes.length,
        ];
        const pieces = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
        expect(hearAll(start, pieces)).toEqual(hearAll(start, [bytes]));
      }),
    );
  });

  it('property: an event is settled at most once, and only while BUSY', () => {
    fc.assert(
      fc.property(starts, fc.array(words, { maxLength: 6 }), (start, said) => {
        const [after, effects] = hearAll(
          start,
          said.map((word) => Buffer.from(word)),
        );
        const settled = effects.filter((effect) => effect.type === 'settled').length;
        expect(settled).toBe(start.state === 'BUSY' && after.state !== 'BUSY' ? 1 : 0);
      }),
    );
  });
});
