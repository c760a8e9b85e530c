/**
 * What a run of supervisorctl knows: the server it talks to, how it asks and prints, and its exit status.
 */
import { SupervisorClient } from '../client/client.ts';
import type { ProcessInfo } from '../client/replies.ts';
import type { Credentials } from '../client/transport.ts';
import type { Command, CommandContext } from './command.ts';
import type { TriedServer } from './connection-hint.ts';
import type { LineInput } from './input/line-input.ts';
import type { Interrupts } from './interrupts.ts';
import type { Look } from './look.ts';
import type { Output } from './output.ts';
import { EndOfInput } from './reported-error.ts';
import { type CommandResult, JsonReport } from './result.ts';

export interface SessionOptions {
  readonly serverUrl: string;
  readonly serverUrlOrigin: TriedServer['origin'];
  readonly configFile: string | null;
  readonly credentials: Credentials | null;
  readonly interactive: boolean;
  readonly commands: readonly Command[];
  readonly look: Look;
  readonly output: Output;
  readonly errors: Output;
  readonly input: LineInput;
  readonly interrupts: Interrupts;
}

export class Session implements CommandContext {
  readonly commands: readonly Command[];
  readonly interactive: boolean;
  readonly configFile: string | null;
  readonly look: Look;
  exitStatus = 0;
  #json: JsonReport | null = null;
  readonly #output: Output;
  readonly #errors: Output;
  readonly #input: LineInput;
  readonly #interrupts: Interrupts;
  #serverUrl: string;
  #origin: TriedServer['origin'];
  #credentials: Credentials | null;
  #client: SupervisorClient | null = null;
  #known: Promise<readonly ProcessInfo[]> | null = null;

  constructor(options: SessionOptions) {
    this.commands = options.commands;
    this.interactive = options.interactive;
    this.configFile = options.configFile;
    this.look = options.look;
    this.#output = options.output;
    this.#errors = options.errors;
    this.#input = options.input;
    this.#interrupts = options.interrupts;
    this.#serverUrl = options.serverUrl;
    this.#origin = options.serverUrlOrigin;
    this.#credentials = options.credentials;
  }

  get client(): SupervisorClient {
    this.#client ??= new SupervisorClient({ serverUrl: this.#serverUrl, credentials: this.#credentials });
    return this.#client;
  }

  get serverUrl(): string {
    return this.#serverUrl;
  }

  /** Processes for completion; asked for once until {@link forgetProcesses}. */
  get processes(): Promise<readonly ProcessInfo[]> {
    this.#known ??= this.client.getAllProcessInfo();
    return this.#known;
  }

  forgetProcesses(): void {
    this.#known = null;
  }

  connect(serverUrl: string): void {
    this.#serverUrl = serverUrl;
    this.#origin = { kind: 'other', name: 'open' };
    this.#disconnect();
  }

  /** Uses other credentials from now on. */
  authenticate(credentials: Credentials): void {
    this.#credentials = credentials;
    this.#disconnect();
  }

  /** From now on results are collected and printed as JSON, until {@link endJson}. */
  beginJson(): void {
    this.#json = new JsonReport((text) => {
      this.#output.text(text);
    });
  }

  endJson(command: string): void {
    this.#json?.end(command, this.exitStatus);
    this.#json = null;
  }

  report(results: readonly CommandResult[], lines: readonly string[]): void {
    if (this.#json === null) {
      this.outputLines(lines);
    } else {
      this.#json.add(results);
    }
  }

  beginStream(): void {
    this.#json?.beginStream();
  }

  output(line: string): void {
    this.outputLines([line]);
  }

  outputLines(lines: readonly string[]): void {
    if (this.#json === null) {
      this.#output.text(lines.map((line) => `${line}\n`).join(''));
    } else {
      lines.forEach((line) => this.#json?.message(line));
    }
  }

  async write(bytes: Uint8Array, result?: () => CommandResult): Promise<void> {
    if (this.#json === null) {
      await this.#output.bytes(bytes);
    } else if (result !== undefined) {
      this.#json.add([result()]);
      await this.#output.flush();
    }
  }

  warn(line: string): void {
    if (this.#json === null) {
      this.#errors.line(line);
    } else {
      this.#json.message(line);
    }
  }

  async explainFailure(error: unknown): Promise<void> {
    if (!this.look.hints || this.#json !== null) {
      return;
    }
    // What only failures need is not loaded before.
    const { connectionHint } = await import('./connection-hint.ts');
    const { configFile } = this;
    for (const line of connectionHint(error, {
      serverUrl: this.#serverUrl,
      origin: this.#origin,
      configFile,
    })) {
      this.#errors.line(line);
    }
  }

  async ask(prompt: string, signal?: AbortSignal): Promise<string> {
    return orEnd(await this.#input.ask(prompt, signal));
  }

  async askHidden(prompt: string): Promise<string> {
    return orEnd(await this.#input.askHidden(prompt));
  }

  untilInterrupt<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | 'interrupted'> {
    return this.#interrupts.during(work);
  }

  close(): void {
    this.#disconnect();
    this.#input.close();
  }

  #disconnect(): void {
    this.#client?.close();
    this.#client = null;
    this.#known = null;
  }
}

function orEnd(line: string | null): string {
  if (line === null) {
    throw new EndOfInput();
  }
  return line;
}
