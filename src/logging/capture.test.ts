import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { BoundedFifo } from './bounded-fifo.ts';
import { Capture } from './capture.ts';

const begin = '<!--XSUPERVISOR:BEGIN-->';
const end = '<!--XSUPERVISOR:END-->';

interface Outcome {
  log: string;
  captured: string;
  readonly communications: string[];
}

function run(chunks: readonly string[], maxBytes = 100): Outcome {
  const outcome: Outcome = { log: '', captured: '', communications: [] };
  const capture = new Capture(maxBytes, {
    onLog: (chunk) => void (outcome.log += Buffer.from(chunk).toString()),
    onCaptured: (chunk) => {
      outcome.captured += Buffer.from(chunk).toString();
      return chunk;
    },
    onCaptureEnd: () => new Uint8Array(0),
    onCommunication: (data) => void outcome.communications.push(Buffer.from(data).toString()),
  });
  const shared = Buffer.alloc(10_000);
  for (const chunk of chunks) {
    const length = shared.write(chunk);
    capture.push(shared.subarray(0, length));
    shared.fill('#');
  }
  capture.end();
  return outcome;
}

/** What the tokens mean for a stream as a whole. */
function reference(text: string, maxBytes: number): Outcome {
  const outcome: Outcome = { log: '', captured: '', communications: [] };
  let rest = text;
  for (;;) {
    const start = rest.indexOf(begin);
    if (start < 0) {
      return { ...outcome, log: outcome.log + rest };
    }
    outcome.log += rest.slice(0, start);
    rest = rest.slice(start + begin.length);
    const stop = rest.indexOf(end);
    const body = stop < 0 ? rest : rest.slice(0, stop);
    outcome.captured += body;
    if (stop < 0) {
      return outcome;
    }
    outcome.communications.push(body.slice(Math.max(0, body.length - maxBytes)));
    rest = rest.slice(stop + end.length);
  }
}

const token = fc.constantFrom(begin, end, 'a', 'b\n', '<', '<!--XSUPER', '<!--XSUPERVISOR:', '-->');

describe('B16.7: capture mode', () => {
  it('keeps a capture out of the log', () => {
    expect(run([`one ${begin}two${end} three`])).toEqual({
      log: 'one  three',
      captured: 'two',
      communications: ['two'],
    });
  });

  it('knows a token that arrives byte by byte', () => {
    expect(run(`one ${begin}two${end} three`.split(''))).toEqual({
      log: 'one  three',
      captured: 'two',
      communications: ['two'],
    });
  });

  it('keeps back no more than what may be a token, and gives it out at the end', () => {
    expect(run(['short']).log).toBe('short');
    expect(run(['a <!--XSUPER']).log).toBe('a <!--XSUPER');
  });

  it('keeps the last bytes of a capture that is too long', () => {
    expect(run([begin, '0123', '456789', end], 5).communications).toEqual(['56789']);
  });

  it('forgets a capture without an end', () => {
    expect(run([`a${begin}b`])).toEqual({ log: 'a', captured: 'b', communications: [] });
  });

  it('gives the same however the stream is cut', () => {
    const streams = fc.tuple(
      fc.array(token).map((parts) => parts.join('')),
      fc.array(fc.integer({ min: 1, max: 30 })),
      fc.integer({ min: 1, max: 12 }),
    );
    fc.assert(
      fc.property(streams, ([text, lengths, maxBytes]) => {
        const chunks: string[] = [];
        let position = 0;
        for (const length of lengths) {
          chunks.push(text.slice(position, position + length));
          position += length;
        }
        chunks.push(text.slice(position));
        expect(run(chunks, maxBytes)).toEqual(reference(text, maxBytes));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('BoundedFifo', () => {
  it('keeps the last bytes of all that is put in', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3000 }),
        fc.array(fc.uint8Array({ maxLength: 2000 }), { maxLength: 8 }),
        (maxBytes, chunks) => {
          const fifo = new BoundedFifo(maxBytes);
          chunks.forEach((chunk) => fifo.push(chunk));
          const all = Buffer.concat(chunks);
          expect(Buffer.from(fifo.take())).toEqual(all.subarray(Math.max(0, all.length - maxBytes)));
          expect(fifo.take()).toHaveLength(0);
        },
      ),
    );
  });
});
