import { StringDecoder } from 'node:string_decoder';
import type { Readable } from 'node:stream';
import type { Output } from '../output.ts';
import type { LineInput } from './line-input.ts';
import { LineQueue } from './line-queue.ts';

/**
 * Lines from a pipe or file. Prompts are printed as they would be on a terminal.
 *
 * Nothing is read before somebody asks, so that a command which needs no input leaves it to the next program.
 */
export class PipedInput implements LineInput {
  readonly #stream: Readable;
  readonly #output: Output;
  readonly #errors: Output;
  readonly #queue = new LineQueue();
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';
  #isReading = false;

  constructor(stream: Readable, output: Output, errors: Output) {
    this.#stream = stream;
    this.#output = output;
    this.#errors = errors;
  }

  ask(prompt: string, signal?: AbortSignal): Promise<string | null> {
    this.#output.text(prompt);
    this.#startReading();
    return this.#queue.next(signal);
  }

  /** Compat: worded as Python's `getpass` does without a terminal. */
  async askHidden(prompt: string): Promise<string | null> {
    this.#errors.line('Warning: Password input may be echoed.');
    this.#errors.text(prompt);
    this.#startReading();
    const line = await this.#queue.next();
    this.#errors.line('');
    return line;
  }

  close(): void {
    this.#stream.pause();
  }

  #startReading(): void {
    if (this.#isReading) {
      return;
    }
    this.#isReading = true;
    this.#stream.on('data', (chunk: Buffer | string) => {
      this.#take(typeof chunk === 'string' ? chunk : this.#decoder.write(chunk));
    });
    this.#stream.once('end', () => {
      this.#finish();
    });
    this.#stream.once('error', () => {
      this.#finish();
    });
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      this.#queue.push(line.endsWith('\r') ? line.slice(0, -1) : line);
    }
  }

  /** A last line without an end counts as one. */
  #finish(): void {
    const last = this.#rest + this.#decoder.end();
    this.#rest = '';
    if (last !== '') {
      this.#queue.push(last);
    }
    this.#queue.end();
  }
}
