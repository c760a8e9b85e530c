/**
 * What a command of supervisorctl is, and what it may use.
 *
 * Commands are data: the dispatcher, `help`, completion and the documentation come from the same records.
 * A command prints through its context and never touches the process it runs in, so a test sees all of it.
 */
import type { SupervisorClient } from '../client/client.ts';
import type { Look } from './look.ts';
import type { CommandResult, ResultField } from './result.ts';

/** A line of a command's help: how it is typed, and what that does. */
export type HelpRow = readonly [usage: string, description: string];

/** A heading of its own, with what follows the colon of a plugin's section. */
export type PluginListing = `plugin ${string}`;

/** What completion offers for the arguments. */
export type ArgumentKind = 'processes' | 'groups' | 'commands' | 'shells' | 'none';

export interface Command {
  readonly name: string;
  /** One sentence without a full stop, for lists of commands. */
  readonly summary: string;
  readonly help: readonly HelpRow[];
  readonly completes: ArgumentKind;
  /** Words among its arguments that are options, for completion; those of the original's own syntax included. */
  readonly options: readonly string[];
  /** Fields of its results with `--json`; null: it has none, or prints a document of its own. */
  readonly results: readonly ResultField[] | null;
  /** Under which heading `help` lists the command; null: it neither lists nor explains it. */
  readonly listing: 'original' | 'more' | PluginListing | null;
  /**
   * Carries the command out.
   *
   * @param argument everything behind the command's name, without blanks around it.
   * @returns `quit` to leave the shell.
   * @throws errors of the client; they are reported, and the exit status becomes 1.
   */
  run(context: CommandContext, argument: string): Promise<'quit' | void>;
}

export interface CommandContext {
  /** Of the current server. Throws BadServerUrlError. */
  readonly client: SupervisorClient;
  readonly serverUrl: string;
  /** The configuration file that was named or found; null: there is none. */
  readonly configFile: string | null;
  /** Every command there is, for `help`. */
  readonly commands: readonly Command[];
  /** A person may be asked: the shell runs, or `-i` was given. */
  readonly interactive: boolean;
  exitStatus: number;
  readonly look: Look;
  /** Prints results: as data with `--json`, else as these lines. */
  report(results: readonly CommandResult[], lines: readonly string[]): void;
  /** From now on each result is printed as it comes, without an end that could be waited for. */
  beginStream(): void;
  /** Prints a line; with `--json`, one that belongs to no result. */
  output(line: string): void;
  /** Prints lines in one piece. */
  outputLines(lines: readonly string[]): void;
  /**
   * Prints bytes as they are, and waits while whoever reads them is slow.
   *
   * @param result what is printed in their place with `--json`.
   */
  write(bytes: Uint8Array, result?: () => CommandResult): Promise<void>;
  /** Prints a line on stderr. */
  warn(line: string): void;
  /** Tells a person at a terminal more about a failed connection: what was tried, and what is the matter with it. */
  explainFailure(error: unknown): Promise<void>;
  /** Uses another server from now on. */
  connect(serverUrl: string): void;
  /**
   * Asks for a line.
   *
   * @throws EndOfInput when there is none; the signal's reason once it is aborted.
   */
  ask(prompt: string, signal?: AbortSignal): Promise<string>;
  /** Does something until it is done or ^C is typed, which aborts the signal. */
  untilInterrupt<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | 'interrupted'>;
}

/** Prints what was wrong with a command's arguments and how it is used. */
export function refuseUsage(
  context: CommandContext,
  command: Command,
  problem: string,
  exitStatus: number,
): void {
  context.output(problem);
  context.exitStatus = exitStatus;
  showHelp(context, command);
}

function showHelp(context: CommandContext, command: Command): void {
  context.outputLines(helpLines(command.help));
}

const tabWidth = 8;

/** Usage and description with tabs between, so that descriptions stand in one column. */
export function helpLines(rows: readonly HelpRow[]): readonly string[] {
  const column = Math.max(...rows.map(([usage]) => tabStop(usage.length)));
  return rows.map(([usage, description]) => {
    const tabs = (column - tabStop(usage.length)) / tabWidth + 1;
    return `${usage}${'\t'.repeat(tabs)}${description}`;
  });
}

/** Where a tab behind this many characters leads. */
function tabStop(length: number): number {
  return (Math.floor(length / tabWidth) + 1) * tabWidth;
}
