import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { FakeClock } from '../../system/fake-clock.ts';
import { SyslogDestination } from './syslog.ts';

function make() {
  const clock = new FakeClock();
  const sent: string[] = [];
  const reports: string[] = [];
  const askedAtMs: number[] = [];
  const state = { answer: null as string | null, drains: 0 };
  const destination = new SyslogDestination({
    syslog: {
      send: (message) => {
        askedAtMs.push(clock.monotonicMs());
        if (state.answer === null) {
          sent.push(Buffer.from(message).toString());
        }
        return state.answer;
      },
    },
    clock,
    prefix: 'cat ',
    report: (level, message) => void reports.push(`${level}: ${message}`),
    onDrain: () => void (state.drains += 1),
  });
  const write = (text: string): boolean => destination.write(Buffer.from(text));
  return { clock, sent, reports, askedAtMs, state, destination, write };
}

describe('B16.8: syslog', () => {
  it('sends a message for each line', () => {
    const { sent, write } = make();
    expect(write('one\n\ntwo\n\n\n')).toBe(true);
    write('\n');
    expect(sent).toEqual(['cat one', 'cat ', 'cat two', 'cat ']);
  });

  it('puts a line together from its pieces, but does not wait for its end for ever', () => {
    const { sent, write, clock, destination } = make();
    write('on');
    write('e\ntw');
    expect(sent).toEqual(['cat one']);
    clock.advance(1000);
    expect(sent).toEqual(['cat one', 'cat tw']);
    write('three');
    destination.close();
    expect(sent.at(-1)).toBe('cat three');
    expect(clock.pending).toBe(0);
  });

  it('cuts a line that no syslog daemon would take', () => {
    const { sent, write } = make();
    write('x'.repeat(20_000));
    write('\n');
    expect(sent.map((message) => message.length)).toEqual([8196, 8196, 20_000 - 16_384 + 4]);
  });

  it('loses nothing of lines, however they are cut', () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'é'), minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(line), fc.integer({ min: 1, max: 7 }), (lines, size) => {
        const { sent, destination } = make();
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
        for (let start = 0; start < bytes.length; start += size) {
          destination.write(bytes.subarray(start, start + size));
        }
        expect(sent).toEqual(lines.map((text) => `cat ${text}`));
      }),
    );
  });

  it('holds back while the receiver is behind', () => {
    const { sent, write, clock, state, destination } = make();
    state.answer = 'EAGAIN';
    expect(write('one\ntwo\n')).toBe(false);
    expect(destination.backlogBytes).toBe(8);
    clock.advance(50);
    expect(state.drains).toBe(0);
    state.answer = null;
    clock.advance(50);
    expect([state.drains, destination.backlogBytes, clock.pending]).toEqual([1, 0, 0]);
    expect(sent).toEqual(['cat one', 'cat two']);
  });

  it('sends only so many messages a turn', () => {
    const { sent, write, clock, state } = make();
    const lines = Array.from({ length: 1000 }, (_, index) => `${index}`);
    expect(write(lines.map((line) => `${line}\n`).join(''))).toBe(false);
    expect([sent.length, state.drains]).toEqual([256, 0]);
    clock.advance(0);
    expect(sent).toEqual(lines.map((line) => `cat ${line}`));
    expect([state.drains, clock.pending]).toEqual([1, 0]);
  });

  it('sends at its end all that is taken', () => {
    const { sent, write, clock, destination, reports } = make();
    write('x\n'.repeat(1000));
    destination.close();
    expect([sent.length, clock.pending, reports]).toEqual([1000, 0, []]);
  });

  it('gives a line all the time it needs while its writer is held back', () => {
    const { sent, write, clock, state } = make();
    state.answer = 'EAGAIN';
    write('one\ntw');
    clock.advance(5000);
    state.answer = null;
    clock.advance(50);
    expect(sent).toEqual(['cat one']);
    clock.advance(900);
    write('o\n');
    expect(sent).toEqual(['cat one', 'cat two']);
    write('three');
    clock.advance(1000);
    expect([sent.at(-1), clock.pending]).toEqual(['cat three', 0]);
  });

  it('asks a receiver that has stopped less and less often', () => {
    const { write, clock, state, askedAtMs } = make();
    state.answer = 'EAGAIN';
    write('one\n');
    clock.advance(150);
    expect(askedAtMs).toEqual([0, 1, 3, 7, 15, 31, 63, 113]);
    state.answer = null;
    clock.advance(50);
    state.answer = 'EAGAIN';
    write('two\n');
    clock.advance(1);
    expect(askedAtMs.slice(-3)).toEqual([163, 200, 201]);
  });

  it('drops messages while there is no receiver, and says so once', () => {
    const { sent, write, state, reports } = make();
    state.answer = 'ENOENT';
    expect(write('one\ntwo\n')).toBe(true);
    expect(write('three\n')).toBe(true);
    state.answer = null;
    write('four\n');
    expect(sent).toEqual(['cat four']);
    expect(reports).toEqual([
      'error: cannot write to syslog: ENOENT; its output is dropped until it works again',
      'info: can write to syslog again',
    ]);
  });

  it('gives up what is waiting when it is closed', () => {
    const { write, state, reports, destination, clock } = make();
    state.answer = 'EAGAIN';
    write('one\n');
    destination.close();
    expect([clock.pending, reports]).toEqual([0, ['error: lost 4 bytes of output for syslog']]);
  });
});
