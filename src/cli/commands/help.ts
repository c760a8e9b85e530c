import { strip } from '../../config/python/text.ts';
import { helpLines } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { topicLines } from '../format/columns.ts';
import type { CommandResult } from '../result.ts';

const screenWidth = 80;

interface Listing {
  readonly listing: Command['listing'];
  readonly heading: string;
}

/** B17.18: those of the original first and as there, those of plugins last. */
function listingsOf(commands: readonly Command[]): readonly Listing[] {
  const plugins = new Set(commands.flatMap(({ listing }) => /^plugin (.*)$/s.exec(listing ?? '')?.[1] ?? []));
  return [
    { listing: 'original', heading: 'default commands' },
    { listing: 'more', heading: 'more commands' },
    ...[...plugins].map((name): Listing => ({ listing: `plugin ${name}`, heading: `${name} commands` })),
  ];
}

export const help: Command = {
  name: 'help',
  summary: 'Show the commands, or how one is used',
  help: [
    ['help', 'Show the commands'],
    ['help <action>', 'Show how a command is used'],
  ],
  completes: 'commands',
  options: [],
  results: [
    ['command', 'string', 'name of the command'],
    ['summary', 'string', 'what it does'],
    ['usage', 'array of strings', 'how it is typed, and what that does'],
  ],
  listing: null,
  run(context, argument) {
    if (strip(argument) === 'help') {
      explain(context, help);
    } else if (argument === '') {
      showTopics(context);
    } else {
      showTopic(context, argument);
    }
    return Promise.resolve();
  },
};

/** The commands in columns. */
function showTopics(context: CommandContext): void {
  const listed = context.commands.filter((command) => command.listing !== null);
  const lines = listingsOf(context.commands).flatMap(({ listing, heading }) => {
    const topics = listed.filter((command) => command.listing === listing).map(({ name }) => name);
    return topicLines(`${heading} (type help <topic>):`, topics.toSorted(), screenWidth);
  });
  context.report(listed.map(commandResult), ['', ...lines]);
}

function explain(context: CommandContext, command: Command): void {
  context.report([commandResult(command)], helpLines(command.help));
}

function commandResult({ name, summary, help: rows }: Command): CommandResult {
  return { command: name, summary, usage: rows.map(([usage, text]) => `${usage}: ${text}`) };
}

function showTopic(context: CommandContext, topic: string): void {
  const command = context.commands.find(
    (candidate) => candidate.listing !== null && candidate.name === topic,
  );
  if (command === undefined) {
    context.output(`*** No help on ${topic}`);
  } else {
    explain(context, command);
  }
}
