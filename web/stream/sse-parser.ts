/**
 * Server-sent events out of chunks of text, cut anywhere.
 *
 * Source: HTML standard, "Interpreting an event stream".
 */

export interface SseMessage {
  /** The last id that was sent, empty before the first. */
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

export class SseParser {
  #rest = '';
  #id = '';
  #event = '';
  #data: string[] = [];

  /** Where to go on after what was complete so far; an event without data may set it too. */
  get lastId(): string {
    return this.#id;
  }

  /** The messages that this chunk completes. */
  push(chunk: string): readonly SseMessage[] {
    const text = this.#rest + chunk;
    const messages: SseMessage[] = [];
    let start = 0;
    for (;;) {
      const end = text.indexOf('\n', start);
      if (end === -1) {
        break;
      }
      const line = text.slice(start, text[end - 1] === '\r' && end > start ? end - 1 : end);
      start = end + 1;
      if (line === '') {
        this.#complete(messages);
      } else {
        this.#field(line);
      }
    }
    this.#rest = text.slice(start);
    return messages;
  }

  #complete(messages: SseMessage[]): void {
    if (this.#data.length > 0) {
      messages.push({ id: this.#id, event: this.#event || 'message', data: this.#data.join('\n') });
    }
    this.#event = '';
    this.#data = [];
  }

  #field(line: string): void {
    const colon = line.indexOf(':');
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') {
      this.#data.push(value);
    } else if (name === 'event') {
      this.#event = value;
    } else if (name === 'id') {
      this.#id = value;
    }
  }
}
