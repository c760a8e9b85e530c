/**
 * Reads HTTP/1.1 responses from a connection, piece by piece as they arrive.
 *
 * Source: RFC 9112, "Message Format" and "Message Body Length".
 */

export interface ResponseHead {
  readonly status: number;
  /** Reason phrase of the status line. */
  readonly reason: string;
}

/** What a response is handed to. */
export interface ResponseSink {
  head(head: ResponseHead): void;
  /** A piece of the body. The bytes are the caller's own. */
  data(bytes: Buffer): void;
  /** The response is complete. */
  end(): void;
}

/** Bytes that are no HTTP response. */
export class MalformedResponseError extends Error {
  override readonly name = 'MalformedResponseError';
  readonly code = 'EPROTO';
}

/** Most bytes of a head; nobody sends more who means well. */
const maxHeadBytes = 64 * 1024;
/** Most characters of a line with a chunk's size, or of a trailer. */
const maxLineLength = 16 * 1024;

type State =
  | { readonly at: 'head' }
  /** `left`: bytes of the body that are still to come. */
  | { readonly at: 'length'; left: number }
  | { readonly at: 'chunk-size' }
  | { readonly at: 'chunk'; left: number }
  | { readonly at: 'chunk-end' }
  | { readonly at: 'trailers' }
  | { readonly at: 'until-close' }
  | { readonly at: 'done' };

export class ResponseParser {
  readonly #sink: ResponseSink;
  #state: State = { at: 'head' };
  /** Bytes of a head or line whose end has not come yet. */
  #rest: Buffer = Buffer.alloc(0);
  #isPersistent = false;

  constructor(sink: ResponseSink) {
    this.#sink = sink;
  }

  /** Whether the connection can carry another exchange once the response is complete. */
  get isPersistent(): boolean {
    return this.#isPersistent;
  }

  get isComplete(): boolean {
    return this.#state.at === 'done';
  }

  /** Takes what has arrived. Throws MalformedResponseError. */
  push(bytes: Buffer): void {
    let left = bytes;
    while (left.length > 0) {
      const taken = this.#take(left);
      left = left.subarray(taken);
    }
  }

  /** The server has ended the connection. Returns whether the response is complete. */
  close(): boolean {
    if (this.#state.at === 'until-close') {
      this.#finish();
    }
    return this.#state.at === 'done';
  }

  /** Takes as much as belongs to the present state; returns how many bytes that were. */
  #take(bytes: Buffer): number {
    const state = this.#state;
    switch (state.at) {
      case 'length':
      case 'chunk': {
        const part = bytes.subarray(0, state.left);
        state.left -= part.length;
        this.#sink.data(part);
        if (state.left === 0) {
          if (state.at === 'chunk') {
            this.#state = { at: 'chunk-end' };
          } else {
            this.#finish();
          }
        }
        return part.length;
      }
      case 'until-close':
        this.#sink.data(bytes);
        return bytes.length;
      case 'done':
        throw new MalformedResponseError('bytes behind the response');
      case 'head':
        return this.#takeUntil(bytes, headEnd, maxHeadBytes, (head) => {
          this.#onHead(head);
        });
      default:
        return this.#takeUntil(bytes, lineEnd, maxLineLength, (line) => {
          this.#onLine(state.at, line.replace(/\r?\n$/, ''));
        });
    }
  }

  #takeUntil(
    bytes: Buffer,
    findEnd: (bytes: Buffer) => number,
    most: number,
    use: (text: string) => void,
  ): number {
    const before = this.#rest.length;
    const collected = before === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const end = findEnd(collected);
    if ((end === -1 ? collected.length : end) > most) {
      throw new MalformedResponseError('a head or line that is too long');
    }
    if (end === -1) {
      this.#rest = collected;
      return bytes.length;
    }
    this.#rest = Buffer.alloc(0);
    use(collected.toString('latin1', 0, end));
    return end - before;
  }

  #onHead(text: string): void {
    const [statusLine = '', ...lines] = text.split(/\r?\n/);
    const match = /^HTTP\/1\.([01]) (\d{3})(?: (.*))?$/.exec(statusLine);
    if (match === null) {
      throw new MalformedResponseError(`no status line: ${JSON.stringify(statusLine.slice(0, 80))}`);
    }
    const status = Number(match[2]);
    if (status >= 100 && status < 200) {
      return;
    }
    const header = readHeaders(lines);
    const connection = header.get('connection')?.toLowerCase() ?? '';
    this.#isPersistent = match[1] === '1' ? connection !== 'close' : connection === 'keep-alive';
    this.#sink.head({ status, reason: match[3] ?? '' });
    this.#openBody(status, header);
  }

  #openBody(status: number, header: ReadonlyMap<string, string>): void {
    const encoding = header.get('transfer-encoding')?.toLowerCase();
    const length = header.get('content-length');
    if (status === 204 || status === 304) {
      this.#finish();
    } else if (encoding !== undefined) {
      if (encoding !== 'chunked') {
        throw new MalformedResponseError(`transfer encoding ${JSON.stringify(encoding)}`);
      }
      this.#state = { at: 'chunk-size' };
    } else if (length === undefined) {
      this.#isPersistent = false;
      this.#state = { at: 'until-close' };
    } else if (!/^\d{1,15}$/.test(length)) {
      throw new MalformedResponseError(`content length ${JSON.stringify(length)}`);
    } else if (Number(length) === 0) {
      this.#finish();
    } else {
      this.#state = { at: 'length', left: Number(length) };
    }
  }

  #onLine(at: 'chunk-size' | 'chunk-end' | 'trailers', line: string): void {
    if (at === 'trailers') {
      if (line === '') {
        this.#finish();
      }
      return;
    }
    if (at === 'chunk-end') {
      if (line !== '') {
        throw new MalformedResponseError('a chunk longer than it says');
      }
      this.#state = { at: 'chunk-size' };
      return;
    }
    const size = /^([\da-f]{1,13})[ \t]*(?:;.*)?$/i.exec(line)?.[1];
    if (size === undefined) {
      throw new MalformedResponseError(`chunk size ${JSON.stringify(line.slice(0, 80))}`);
    }
    const left = Number.parseInt(size, 16);
    this.#state = left === 0 ? { at: 'trailers' } : { at: 'chunk', left };
  }

  #finish(): void {
    this.#state = { at: 'done' };
    this.#sink.end();
  }
}

/** Where the empty line behind the headers ends; -1: not there yet. */
function headEnd(bytes: Buffer): number {
  const end = bytes.indexOf('\r\n\r\n');
  return end === -1 ? -1 : end + 4;
}

function lineEnd(bytes: Buffer): number {
  const end = bytes.indexOf('\n');
  return end === -1 ? -1 : end + 1;
}

/** Headers by their name in small letters. */
function readHeaders(lines: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    lines.flatMap((line): [string, string][] => {
      const colon = line.indexOf(':');
      return colon <= 0 ? [] : [[line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]];
    }),
  );
}
