/**
 * supervisorctl: reads the command line and the configuration, then carries one action out or runs the shell.
 */
import type { Command } from './command.ts';
import { commands } from './commands/table.ts';
import { completeLine } from './completion/complete-line.ts';
import { exitStatuses } from './exit-statuses.ts';
import { loadHistory, saveHistory } from './input/history.ts';
import { StandardInput } from './input/standard-input.ts';
import { Interrupts } from './interrupts.ts';
import type { CommandLine } from './options.ts';
import { parseCommandLine, usageText } from './options.ts';
import { lookFor } from './look.ts';
import { Output } from './output.ts';
import { pluginCommands } from './plugin-commands.ts';
import { runLine } from './run-line.ts';
import { Session } from './session.ts';
import { type LoadedSettings, readSettings } from './settings.ts';
import { runShell } from './shell.ts';

/**
 * Runs supervisorctl on the standard streams.
 *
 * @param args the command line without node and script.
 * @returns the exit status, once everything printed is out. Whoever called is to exit then: a stream or connection
 *   may still be open.
 */
export async function main(args: readonly string[]): Promise<number> {
  const output = new Output(process.stdout);
  const errors = new Output(process.stderr);
  const program = process.argv[1] ?? 'supervisorctl';
  const status = await run(args, program, output, errors);
  await Promise.all([output.flush(), errors.flush()]);
  return status;
}

async function run(
  args: readonly string[],
  program: string,
  output: Output,
  errors: Output,
): Promise<number> {
  const refuse = (message: string): number => {
    errors.line(`Error: ${message}`);
    errors.line(`For help, use ${program} -h`);
    return exitStatuses.invalidArguments;
  };
  const parsed = parseCommandLine(args);
  if (parsed.kind === 'help') {
    output.text(usageText(program));
    return exitStatuses.success;
  }
  if (parsed.kind === 'error') {
    return refuse(parsed.message);
  }
  const [action, option, ...typed] = parsed.commandLine.action;
  if (action === 'completion' && option === '--words') {
    // Asked by a shell's script; the words are not to be joined and parted again.
    const { completeWords } = await import('./completion/complete-words.ts');
    const answers = await completeWords(typed, commands, program);
    output.text(answers.map((answer) => `${answer}\n`).join(''));
    return exitStatuses.success;
  }
  const settings = readSettings(parsed.commandLine, program);
  if (!settings.ok) {
    return refuse(settings.message);
  }
  const added = pluginCommands(settings.plugins, commands, (line) => errors.line(line));
  if (!added.ok) {
    return refuse(added.message);
  }
  return await runSession(parsed.commandLine, settings, [...commands, ...added.commands], output, errors);
}

async function runSession(
  { action, interactive, color }: CommandLine,
  { settings, serverUrlOrigin, configFile }: LoadedSettings,
  allCommands: readonly Command[],
  output: Output,
  errors: Output,
): Promise<number> {
  const { serverUrl, username, password, historyFile } = settings;
  const isShell = action.length === 0;
  const history = loadHistory(isShell ? historyFile : null);
  const interrupts = new Interrupts();
  const session: Session = new Session({
    serverUrl,
    serverUrlOrigin,
    configFile,
    credentials: username === null || password === null ? null : { username, password },
    interactive: interactive || isShell,
    commands: allCommands,
    look: lookFor(process.stdout, process.stderr, { color, isShell, env: process.env }),
    output,
    errors,
    interrupts,
    input: new StandardInput({
      output,
      errors,
      history,
      complete: (line) => completeLine(line, allCommands, () => session.processes),
      onInterrupt: () => {
        interrupts.interrupt();
      },
    }),
  });
  try {
    // Nobody reads what we print any more: there is nothing left to do.
    await Promise.race([
      output.broken,
      isShell ? runShell(session, interrupts, settings.prompt) : runLine(session, action.join(' ')),
    ]);
  } finally {
    session.close();
    if (isShell && historyFile !== null) {
      saveHistory(historyFile, history);
    }
  }
  // Compat: the shell always ends well.
  return isShell ? exitStatuses.success : session.exitStatus;
}
