import { createInterface } from 'node:readline/promises';
import type { Interface } from 'node:readline/promises';
import type { ReadStream, WriteStream } from 'node:tty';
import type { History } from './history.ts';
import { readHidden } from '../../system/hidden-line.ts';
import type { LineInput } from './line-input.ts';
import { LineQueue } from './line-queue.ts';

export interface TerminalOptions {
  readonly input: ReadStream;
  readonly output: WriteStream;
  readonly history: History;
  /** Completions of the word that ends a line, and that word. */
  readonly complete: (line: string) => Promise<readonly [candidates: string[], word: string]>;
  readonly onInterrupt: () => void;
}

/**
 * Lines typed on a terminal, with editing, history and completion.
 *
 * The editor stays open between questions, so that what is typed or pasted ahead is kept for the next one. The
 * terminal is in raw mode meanwhile: ^C arrives here as a key.
 */
export class TerminalInput implements LineInput {
  readonly #options: TerminalOptions;
  readonly #queue = new LineQueue();
  #editor: Interface | null = null;

  constructor(options: TerminalOptions) {
    this.#options = options;
  }

  ask(prompt: string, signal?: AbortSignal): Promise<string | null> {
    this.#editor ??= this.#openEditor();
    if (this.#queue.isEmpty) {
      this.#editor.setPrompt(prompt);
      this.#editor.prompt();
    } else {
      this.#options.output.write(prompt);
    }
    return this.#queue.next(signal);
  }

  async askHidden(prompt: string): Promise<string | null> {
    this.#editor?.close();
    this.#queue.reopen();
    return await readHidden(this.#options, prompt);
  }

  close(): void {
    this.#editor?.close();
  }

  #openEditor(): Interface {
    this.#queue.reopen();
    const { input, output, history, onInterrupt } = this.#options;
    const editor = createInterface({
      input,
      output,
      terminal: true,
      history: [...history.newestFirst],
      historySize: history.maxLines,
      completer: (line) => this.#complete(line),
    });
    editor.on('history', (lines) => {
      history.newestFirst = lines;
    });
    editor.on('line', (line) => {
      this.#queue.push(line);
    });
    editor.on('SIGINT', onInterrupt);
    editor.once('close', () => {
      this.#editor = null;
      this.#queue.end();
    });
    return editor;
  }

  /** Names that cannot be asked for complete to nothing, and whoever types is left in peace. */
  async #complete(line: string): Promise<[string[], string]> {
    try {
      const [candidates, word] = await this.#options.complete(line);
      return [candidates, word];
    } catch {
      return [[], line];
    }
  }
}
