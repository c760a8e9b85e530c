import { BoundedFifo } from './bounded-fifo.ts';

const beginToken = Buffer.from('<!--XSUPERVISOR:BEGIN-->');
const endToken = Buffer.from('<!--XSUPERVISOR:END-->');

/** What becomes of the parts of a stream. Chunks are valid during the call only. */
export interface CaptureSink {
  /** A piece of ordinary output. */
  onLog(chunk: Uint8Array): void;
  /** A piece of output between the tokens; returns what of it is kept for `onCommunication`. */
  onCaptured(chunk: Uint8Array): Uint8Array;
  /** The end token has come; returns what is kept in addition. */
  onCaptureEnd(): Uint8Array;
  /** A whole capture; `data` is the callee's to keep. */
  onCommunication(data: Uint8Array): void;
}

/** Length of the longest end of `data` that a token could continue. */
function partialTokenLength(data: Buffer, token: Buffer): number {
  for (let length = Math.min(data.length, token.length - 1); length > 0; length -= 1) {
    if (data.subarray(data.length - length).equals(token.subarray(0, length))) {
      return length;
    }
  }
  return 0;
}

/**
 * Takes a stream apart at the tokens of capture mode. How the stream is cut into chunks makes no difference.
 *
 * Source: B16.7. The original holds back any chunk shorter than a token and forgets it at the end of the
 * process, and drops more than it must when a capture exceeds its limit.
 */
export class Capture {
  readonly #sink: CaptureSink;
  readonly #fifo: BoundedFifo;
  #isCapturing = false;
  /** The beginning of what may be a token. */
  #held: Buffer = Buffer.alloc(0);

  /** `maxBytes`: how much of a capture is kept; the last bytes win. */
  constructor(maxBytes: number, sink: CaptureSink) {
    this.#fifo = new BoundedFifo(maxBytes);
    this.#sink = sink;
  }

  push(chunk: Uint8Array): void {
    const view = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let rest = this.#held.length === 0 ? view : Buffer.concat([this.#held, view]);
    for (;;) {
      const token = this.#isCapturing ? endToken : beginToken;
      const index = rest.indexOf(token);
      if (index < 0) {
        const held = partialTokenLength(rest, token);
        this.#emit(rest.subarray(0, rest.length - held));
        this.#held = Buffer.from(rest.subarray(rest.length - held));
        return;
      }
      this.#emit(rest.subarray(0, index));
      this.#toggle();
      rest = rest.subarray(index + token.length);
    }
  }

  /** The stream has ended: what looked like the beginning of a token was none. An open capture is dropped. */
  end(): void {
    this.#emit(this.#held);
    this.#held = Buffer.alloc(0);
    this.#isCapturing = false;
    this.#fifo.take();
  }

  #emit(piece: Uint8Array): void {
    if (piece.length === 0) {
      return;
    }
    if (this.#isCapturing) {
      this.#fifo.push(this.#sink.onCaptured(piece));
    } else {
      this.#sink.onLog(piece);
    }
  }

  #toggle(): void {
    this.#isCapturing = !this.#isCapturing;
    if (!this.#isCapturing) {
      this.#fifo.push(this.#sink.onCaptureEnd());
      this.#sink.onCommunication(this.#fifo.take());
    }
  }
}
