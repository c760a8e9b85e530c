/**
 * Standard input, opened when something is asked for first: most commands never ask.
 */
import { isatty } from 'node:tty';
import type { Output } from '../output.ts';
import type { History } from './history.ts';
import type { LineInput } from './line-input.ts';

export interface StandardInputOptions {
  readonly output: Output;
  readonly errors: Output;
  readonly history: History;
  /** Completions of the word that ends a line, and that word. */
  readonly complete: (line: string) => Promise<readonly [candidates: string[], word: string]>;
  readonly onInterrupt: () => void;
}

export class StandardInput implements LineInput {
  readonly #options: StandardInputOptions;
  #input: Promise<LineInput> | null = null;
  #isClosed = false;

  constructor(options: StandardInputOptions) {
    this.#options = options;
  }

  async ask(prompt: string, signal?: AbortSignal): Promise<string | null> {
    const input = await this.#open();
    // Not a prompt that nobody waits behind any more.
    signal?.throwIfAborted();
    return input.ask(prompt, signal);
  }

  async askHidden(prompt: string): Promise<string | null> {
    return (await this.#open()).askHidden(prompt);
  }

  close(): void {
    this.#isClosed = true;
    void this.#closeOpened();
  }

  async #closeOpened(): Promise<void> {
    const input = await this.#input;
    input?.close();
  }

  async #open(): Promise<LineInput> {
    this.#input ??= openInput(this.#options);
    const input = await this.#input;
    if (this.#isClosed) {
      input.close();
    }
    return input;
  }
}

/** A terminal when a person sits at both ends, else a pipe. What only one of them needs is loaded for that one. */
async function openInput(options: StandardInputOptions): Promise<LineInput> {
  const { stdin, stdout } = process;
  if (isatty(0) && isatty(1)) {
    const { TerminalInput } = await import('./terminal-input.ts');
    const { history, complete, onInterrupt } = options;
    return new TerminalInput({ input: stdin, output: stdout, history, complete, onInterrupt });
  }
  const { PipedInput } = await import('./piped-input.ts');
  return new PipedInput(stdin, options.output, options.errors);
}
