import { bytesRepr } from '../config/python/bytes-repr.ts';
import { repr } from '../config/python/repr.ts';
import { type LogMessage, withOutput } from './log-text.ts';
import { danglingEnd, decodeStrictUtf8 } from './utf8.ts';

/** `text` for output of programs, `bytes` for what an event listener says. */
export type MirrorStyle = 'text' | 'bytes';

interface DebugLog {
  isEnabled(level: 'debug'): boolean;
  log(level: 'debug', message: LogMessage): void;
}

const nothing: Uint8Array = new Uint8Array(0);

/**
 * Copies output into the activity log while that is at level debug or lower, in the original's words.
 *
 * Source: B5.3. A character cut in two by a read is put together, where the original prints both chunks as
 * undecodable.
 */
export class OutputMirror {
  readonly #processName: string;
  readonly #channel: string;
  readonly #style: MirrorStyle;
  readonly #log: DebugLog;
  #cut = nothing;

  constructor(processName: string, channel: string, style: MirrorStyle, log: DebugLog) {
    this.#processName = processName;
    this.#channel = channel;
    this.#style = style;
    this.#log = log;
  }

  push(data: Uint8Array): void {
    if (!this.#log.isEnabled('debug')) {
      return;
    }
    if (this.#style === 'bytes') {
      this.#log.log('debug', withOutput(this.#head, bytesRepr(data)));
      return;
    }
    const whole = this.#cut.length === 0 ? data : Buffer.concat([this.#cut, data]);
    const end = whole.length - danglingEnd(whole);
    this.#cut = Uint8Array.prototype.slice.call(whole, end);
    this.#write(whole.subarray(0, end));
  }

  end(): void {
    const rest = this.#cut;
    this.#cut = nothing;
    this.#write(rest);
  }

  get #head(): string {
    return `${repr(this.#processName)} ${this.#channel} output:`;
  }

  #write(bytes: Uint8Array): void {
    if (bytes.length > 0) {
      const text = decodeStrictUtf8(bytes) ?? `Undecodable: ${bytesRepr(bytes)}`;
      this.#log.log('debug', withOutput(this.#head, text));
    }
  }
}
