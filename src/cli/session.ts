/**
 * What a run of supervisorctl knows: the server it talks to, how it asks and prints, and its exit status.
 */
import { SupervisorClient } from '../client/client.ts';
import type { ProcessInfo } from '../client/replies.ts';
import type { Credentials } from '../client/transport.ts';
import type { Command, CommandContext } from './command.ts';
import type { LineInput } from './input/line-input.ts';
import type { Interrupts } from './interrupts.ts';
import type { Output } from './output.ts';
import { EndOfInput } from './reported-error.ts';

export interface SessionOptions {
  readonly serverUrl: string;
  readonly configFile: string | null;
  readonly credentials: Credentials | null;
  readonly interactive: boolean;
  readonly commands: readonly Command[];
  readonly output: Output;
  readonly errors: Output;
  readonly input: LineInput;
  readonly interrupts: Interrupts;
}

export class Session implements CommandContext {
  readonly commands: readonly Command[];
  readonly interactive: boolean;
  readonly configFile: string | null;
  exitStatus = 0;
  readonly #output: Output;
  readonly #errors: Output;
  readonly #input: LineInput;
  readonly #interrupts: Interrupts;
  #serverUrl: string;
  #credentials: Credentials | null;
  #client: SupervisorClient | null = null;
  #known: Promise<readonly ProcessInfo[]> | null = null;

  constructor(options: SessionOptions) {
    this.commands = options.commands;
    this.interactive = options.interactive;
    this.configFile = options.configFile;
    this.#output = options.output;
    this.#errors = options.errors;
    this.#input = options.input;
    this.#interrupts = options.interrupts;
    this.#serverUrl = options.serverUrl;
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
    this.#disconnect();
  }

  /** Uses other credentials from now on. */
  authenticate(credentials: Credentials): void {
    this.#credentials = credentials;
    this.#disconnect();
  }

  output(line: string): void {
    this.#output.line(line);
  }

  outputLines(lines: readonly string[]): void {
    this.#output.text(lines.map((line) => `${line}\n`).join(''));
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#output.bytes(bytes);
  }

  warn(line: string): void {
    this.#errors.line(line);
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
