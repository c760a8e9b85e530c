/**
 * Results of commands as data, for `--json`.
 *
 * Each command declares the fields of its results beside its help. From there come the documentation and the test that
 * every result has them.
 */
import type { JsonValue } from '../client/configuration.ts';

/** Makes any command that has results print them as data. */
export const jsonOption = '--json';

/** One result, such as a process of `status`. */
export type CommandResult = Readonly<Record<string, JsonValue>>;

type FieldType =
  | 'string'
  | 'number'
  | 'boolean'
  | 'string or null'
  | 'number or null'
  | 'boolean or null'
  | 'object'
  | 'object or null'
  | 'array of strings'
  | 'array of objects';

/** A field of a result; one whose name ends in `?` is there only when `meaning` says so. */
export type ResultField = readonly [name: string, type: FieldType, meaning: string];

/** What names a process in any result. */
export const processFields: readonly ResultField[] = [
  ['name', 'string', 'name as `status` prints it: `group:process`, or the one name that both have'],
  ['group', 'string', 'its group'],
  ['process', 'string', 'its own name'],
];

/** What is printed with `--json` when a command is over. */
export interface JsonDocument {
  readonly command: string;
  readonly exitStatus: number;
  readonly results: readonly CommandResult[];
  /** Lines that belong to no result, such as errors, as they are printed without `--json`. */
  readonly messages: readonly string[];
}

/** Collects what a command reports until it is over; a stream is printed as it comes, one result a line. */
export class JsonReport {
  readonly #print: (text: string) => void;
  readonly #results: CommandResult[] = [];
  readonly #messages: string[] = [];
  #isStream = false;

  constructor(print: (text: string) => void) {
    this.#print = print;
  }

  beginStream(): void {
    this.#isStream = true;
  }

  add(results: readonly CommandResult[]): void {
    if (this.#isStream) {
      this.#print(results.map((result) => `${JSON.stringify(result)}\n`).join(''));
    } else {
      this.#results.push(...results);
    }
  }

  message(line: string): void {
    this.#messages.push(line);
  }

  /** Prints the document; of a stream only what went wrong is left to say. */
  end(command: string, exitStatus: number): void {
    const document: JsonDocument = {
      command,
      exitStatus,
      results: this.#results,
      messages: this.#messages,
    };
    if (!this.#isStream) {
      this.#print(`${JSON.stringify(document, null, 2)}\n`);
    } else if (this.#messages.length > 0) {
      this.#print(`${JSON.stringify({ command, exitStatus, messages: this.#messages })}\n`);
    }
  }
}
