import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeEvent } from '../../src/events/envelope.ts';
import { processStateEvent, remoteCommunicationEvent, tickEvent } from '../../src/events/payloads.ts';
import type { SupervisorEvent } from '../../src/events/types.ts';
import { eventsOf } from '../../src/listener/frames.ts';
import { listen, type ListenerEvent } from '../../src/listener/listener.ts';

function bytesOf(event: SupervisorEvent, lengthInBytes = false): Buffer {
  return encodeEvent(event, { server: 'supervisor', pool: 'ear', serial: 5, poolSerial: 2, lengthInBytes });
}

async function* stream(...pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    await Promise.resolve();
    yield piece;
  }
}

async function all(pieces: readonly Uint8Array[], lengthInBytes = false): Promise<ListenerEvent[]> {
  const events: ListenerEvent[] = [];
  for await (const event of eventsOf(stream(...pieces), lengthInBytes)) {
    events.push(event);
  }
  return events;
}

const exited = processStateEvent({ processName: 'web', groupName: 'site' }, {
  from: 'RUNNING',
  to: 'EXITED',
  pid: 7,
  expected: false,
  tries: 0,
} as never);

describe('what a listener is told', () => {
  it('is taken apart', async () => {
    const [first, second] = await all([
      bytesOf(exited),
      bytesOf(remoteCommunicationEvent('a type', 'key:value\nand more')),
    ]);
    expect(first).toMatchObject({
      name: 'PROCESS_STATE_EXITED',
      server: 'supervisor',
      pool: 'ear',
      serial: 5,
      poolSerial: 2,
      fields: { processname: 'web', groupname: 'site', from_state: 'RUNNING', pid: '7', expected: '0' },
      data: '',
    });
    expect(second).toMatchObject({
      name: 'REMOTE_COMMUNICATION',
      fields: { type: 'a type' },
      data: 'key:value\nand more',
    });
  });

  it('is the same however it comes in pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 }),
        fc.array(fc.nat(400), { maxLength: 6 }),
        fc.boolean(),
        async (texts, cuts, inBytes) => {
          const events = texts.map((text) => bytesOf(remoteCommunicationEvent('t', text), inBytes));
          const bytes = Buffer.concat(events);
          const edges = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length].toSorted(
            (a, b) => a - b,
          );
          const pieces = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
          expect((await all(pieces, inBytes)).map(({ data }) => data)).toEqual(texts);
        },
      ),
    );
  });

  it('is refused when it is no event', async () => {
    await expect(all([Buffer.from('hello\n')])).rejects.toThrow('cannot understand the header "hello"');
    await expect(all([Buffer.from('ver:3.0 len:0\n')])).rejects.toThrow('cannot understand the header');
  });
});

describe('listen', () => {
  /** What a listener with this handler says to the events, and what went wrong. */
  async function run(handler: Parameters<typeof listen>[0], ...events: readonly Uint8Array[]) {
    const said: string[] = [];
    const errors: string[] = [];
    await listen(handler, {
      input: stream(...events),
      output: { write: (text) => said.push(text) },
      failurePauseMs: 1,
      onError: (error, { name }) => errors.push(`${name}: ${String(error)}`),
    });
    return { said: said.join(''), errors };
  }

  it('B20.10: is READY, answers, and is READY again', async () => {
    const heard: string[] = [];
    const { said } = await run(
      async ({ name }) => {
        await Promise.resolve();
        heard.push(name);
      },
      bytesOf(exited),
      bytesOf(tickEvent(5, 10)),
    );
    expect(said).toBe(`READY\n${'RESULT 2\nOKREADY\n'.repeat(2)}`);
    expect(heard).toEqual(['PROCESS_STATE_EXITED', 'TICK_5']);
  });

  it('answers FAIL when it is told to, and when the handler throws', async () => {
    const { said, errors } = await run(
      ({ name }) => {
        if (name === 'TICK_5') {
          throw new Error('no');
        }
        return 'FAIL';
      },
      bytesOf(exited),
      bytesOf(tickEvent(5, 10)),
    );
    expect(said).toBe(`READY\n${'RESULT 4\nFAILREADY\n'.repeat(2)}`);
    expect(errors).toEqual(['TICK_5: Error: no']);
  });

  it('ends with its input, without what is incomplete', async () => {
    const { said } = await run(() => undefined, bytesOf(exited).subarray(0, -1));
    expect(said).toBe('READY\n');
  });
});
