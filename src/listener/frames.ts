/** Cutting what a listener is sent into headers and payloads, however it comes in pieces. */
import { type ListenerEvent, parseEvent } from './event.ts';

/** How lengths are counted, and what that makes of the text between two counts. */
interface Counting {
  /** The next piece of the stream as a string of which each character counts as one. */
  read(chunk: Uint8Array | string): string;
  text(counted: string): string;
}

function characters(): Counting {
  const decoder = new TextDecoder();
  return {
    read: (chunk) => (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })),
    text: (counted) => counted,
  };
}

const bytes: Counting = {
  read: (chunk) => Buffer.from(chunk).toString('latin1'),
  text: (counted) => Buffer.from(counted, 'latin1').toString('utf8'),
};

/**
 * Yields the events of a stream of bytes; what is incomplete at its end is dropped.
 *
 * @param lengthInBytes the daemon counts bytes, not characters.
 */
export async function* eventsOf(
  input: AsyncIterable<Uint8Array | string>,
  lengthInBytes = false,
): AsyncGenerator<ListenerEvent> {
  const counting = lengthInBytes ? bytes : characters();
  let pending = '';
  for await (const chunk of input) {
    pending += counting.read(chunk);
    for (let next = takeEvent(pending, counting); next !== null; next = takeEvent(pending, counting)) {
      pending = next.rest;
      yield next.event;
    }
  }
}

function takeEvent(
  text: string,
  counting: Counting,
): { readonly event: ListenerEvent; readonly rest: string } | null {
  const end = text.indexOf('\n');
  if (end < 0) {
    return null;
  }
  const header = counting.text(text.slice(0, end));
  const length = Number(/ len:(\d+)$/.exec(header)?.[1] ?? Number.NaN);
  if (Number.isNaN(length)) {
    throw new Error(`cannot understand the header ${JSON.stringify(header)}`);
  }
  const payloadEnd = afterCharacters(text, end + 1, length);
  return payloadEnd === null
    ? null
    : {
        event: parseEvent(header, counting.text(text.slice(end + 1, payloadEnd))),
        rest: text.slice(payloadEnd),
      };
}

/**
 * Where so many characters end; null: not yet. The length of an event is in characters, of which JavaScript's strings have
 * some as two.
 */
function afterCharacters(text: string, start: number, count: number): number | null {
  let index = start;
  for (let left = count; left > 0; left -= 1) {
    if (index >= text.length) {
      return null;
    }
    index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
  }
  return index;
}
