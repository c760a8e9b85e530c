/** Cutting what a listener is sent into headers and payloads, however it comes in pieces. */
import { type ListenerEvent, parseEvent } from './event.ts';

/** Yields the events of a stream of bytes; what is incomplete at its end is dropped. */
export async function* eventsOf(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<ListenerEvent> {
  const decoder = new TextDecoder();
  let pending = '';
  for await (const chunk of input) {
    pending += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    for (let next = takeEvent(pending); next !== null; next = takeEvent(pending)) {
      pending = next.rest;
      yield next.event;
    }
  }
}

function takeEvent(text: string): { readonly event: ListenerEvent; readonly rest: string } | null {
  const end = text.indexOf('\n');
  if (end < 0) {
    return null;
  }
  const header = text.slice(0, end);
  const length = Number(/ len:(\d+)$/.exec(header)?.[1] ?? Number.NaN);
  if (Number.isNaN(length)) {
    throw new Error(`cannot understand the header ${JSON.stringify(header)}`);
  }
  const payloadEnd = afterCharacters(text, end + 1, length);
  return payloadEnd === null
    ? null
    : { event: parseEvent(header, text.slice(end + 1, payloadEnd)), rest: text.slice(payloadEnd) };
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
