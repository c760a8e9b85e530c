import { strip } from '../../config/python/text.ts';
import { showHelp } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { topicLines } from '../format/columns.ts';

const screenWidth = 80;

const listings = [
  { listing: 'original', heading: 'default commands' },
  { listing: 'more', heading: 'more commands' },
] as const;

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

/** B17.18: the commands in columns, those of the original first and as there. */
function showTopics(context: CommandContext): void {
  context.output('');
  for (const { listing, heading } of listings) {
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
