import { describe, expect, it } from 'vitest';

import { FakeClock } from '../../system/fake-clock.ts';
import { Descriptor } from '../../system/descriptor.ts';
import type { LogIo } from '../io.ts';
import { nodeIo } from '../logging.fixture.ts';
import { StreamSink } from './stream-sink.ts';

/** A terminal that takes `room` bytes. */
function makeTerminal() {
  const clock = new FakeClock();
  const state = { room: 0, answer: 'EAGAIN', text: '', calls: 0, drains: 0 };
  const reports: string[] = [];
  const io: LogIo = {
    ...nodeIo,
    close: () => undefined,
    writeSome: (_fd, buffer, offset) => {
      state.calls += 1;
      const count = Math.min(state.room, buffer.length - offset);
      if (count === 0) {
        return state.answer;
      }
      state.text += Buffer.from(buffer.subarray(offset, offset + count)).toString();
      state.room -= count;
      return count;
    },
  };
  const observer = {
    drained: () => void (state.drains += 1),
    changed: () => undefined,
    report: (level: string, message: string) => void reports.push(`${level}: ${message}`),
  };
  const sink = new StreamSink({
    io,
    clock,
    fd: new Descriptor(99),
    isOwned: true,
    kind: 'tty',
    name: '/dev/tty9',
    observer,
  });
  const write = (text: string): void => sink.write(Buffer.from(text));
  return { clock, state, reports, sink, write };
}

describe('a terminal that is stopped', () => {
  it('is tried again at growing intervals and gets everything in order', () => {
    const { clock, state, sink, write } = makeTerminal();
    state.room = 3;
    write('one ');
    write('two');
    expect([state.text, sink.backlogBytes]).toEqual(['one', 4]);
    clock.advance(60_000);
    expect(state.calls).toBeLessThan(310);
    state.room = 100;
    clock.advance(200);
    expect([state.text, sink.backlogBytes, state.drains, clock.pending]).toEqual(['one two', 0, 1, 0]);
  });

  it('is dropped when it has hung up, so that nobody waits for it', () => {
    const { clock, state, sink, write, reports } = makeTerminal();
    write('waiting');
    state.answer = 'EIO';
    clock.advance(5);
    write('more');
    expect([sink.backlogBytes, state.drains, clock.pending]).toEqual([0, 1, 0]);
    expect(reports).toEqual(["error: cannot write to '/dev/tty9': EIO; its output is dropped from now on"]);
  });

  it('costs what is waiting when everything ends', () => {
    const { clock, sink, write, reports } = makeTerminal();
    write('waiting');
    let isClosed = false;
    sink.close(() => (isClosed = true));
    expect(isClosed).toBe(true);
    expect([clock.pending, reports]).toEqual([0, ["error: lost up to 7 bytes of output for '/dev/tty9'"]]);
  });
});
