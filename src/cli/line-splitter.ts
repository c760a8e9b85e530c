/**
 * Lines out of a stream of bytes that is cut anywhere.
 */
import { StringDecoder } from 'node:string_decoder';

/** A longer line comes in pieces, so that a program which never ends one costs no memory. */
const longestLine = 64 * 1024;

export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  /** Lines that end in these bytes, without their ends. */
  push(bytes: Uint8Array): readonly string[] {
    const lines = (this.#rest + this.#decoder.write(Buffer.from(bytes))).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > longestLine) {
      lines.push(this.#rest);
      this.#rest = '';
    }
    return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  }

  /** What stands behind the last end of a line. */
  end(): readonly string[] {
    const rest = this.#rest + this.#decoder.end();
    this.#rest = '';
    return rest === '' ? [] : [rest];
  }
}
