/**
 * Carries one line out: finds the command, runs it, reports what goes wrong.
 */
import { UnauthorizedError } from '../client/errors.ts';
import { strip, words } from '../config/python/text.ts';
import type { Command } from './command.ts';
import { exitStatuses } from './exit-statuses.ts';
import { errorLine } from './reported-error.ts';
import { jsonOption } from './result.ts';
import type { Session } from './session.ts';

/**
 * Runs a line; nothing it does makes this throw.
 *
 * @returns `quit` when the shell is to be left.
 */
export async function runLine(session: Session, line: string): Promise<'quit' | void> {
  const { text, name, argument } = parseLine(line);
  if (text === '') {
    return undefined;
  }
  session.forgetProcesses();
  const command = session.commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    session.output(`*** Unknown syntax: ${text}`);
    session.exitStatus = exitStatuses.generic;
    return undefined;
  }
  const given = words(argument);
  if (command.results === null || !given.includes(jsonOption)) {
    return await runCommand(session, command, argument, text);
  }
  session.beginJson();
  const rest = given.filter((word) => word !== jsonOption).join(' ');
  try {
    return await runCommand(session, command, rest, text);
  } finally {
    session.endJson(command.name);
  }
}

async function runCommand(
  session: Session,
  command: Command,
  argument: string,
  line: string,
): Promise<'quit' | void> {
  try {
    return await command.run(session, argument);
  } catch (error) {
    return await recover(session, line, error);
  }
}

/** B17.2: in the shell, asks who somebody is and tries again; reports every other error. */
async function recover(session: Session, line: string, error: unknown): Promise<'quit' | void> {
  try {
    if (!(error instanceof UnauthorizedError)) {
      throw error;
    }
    session.output('Server requires authentication');
    if (session.interactive) {
      const username = await session.ask('Username:');
      const password = await session.askHidden('Password:');
      session.output('');
      session.authenticate({ username, password });
      return await runLine(session, line);
    }
    // Compat: the refusal is reported a second time, as any other error.
    session.output(errorLine(error));
    await session.explainFailure(error);
  } catch (problem) {
    session.output(errorLine(problem));
    await session.explainFailure(problem);
  }
  session.exitStatus = exitStatuses.generic;
  return undefined;
}

/**
 * A line as command and argument. A leading `?` is `help`; a name ends before the first character that is not a
 * letter, digit or underscore.
 *
 * Compat: so `status-x` is `status` with the argument `-x`.
 */
export function parseLine(line: string): {
  readonly text: string;
  readonly name: string;
  readonly argument: string;
} {
  const typed = strip(line);
  const text = typed.startsWith('?') ? `help ${typed.slice(1)}` : typed;
  const name = /^\w*/.exec(text)?.[0] ?? '';
  return { text, name, argument: strip(text.slice(name.length)) };
}
