import { strip } from '../../config/python/text.ts';
import { showHelp } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { topicLines } from '../format/columns.ts';

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
  listing: null,
  run(context, argument) {
    if (strip(argument) === 'help') {
      showHelp(context, help);
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
  context.output('');
  for (const { listing, heading } of listingsOf(context.commands)) {
    const topics = context.commands.filter((command) => command.listing === listing).map(({ name }) => name);
    context.outputLines(topicLines(`${heading} (type help <topic>):`, topics.toSorted(), screenWidth));
  }
}

function showTopic(context: CommandContext, topic: string): void {
  const command = context.commands.find(
    (candidate) => candidate.listing !== null && candidate.name === topic,
  );
  if (command === undefined) {
    context.output(`*** No help on ${topic}`);
  } else {
    showHelp(context, command);
  }
}
