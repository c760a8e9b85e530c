import { strip } from '../../config/python/text.ts';
import { showHelp } from '../command.ts';
import type { Command, CommandContext } from '../command.ts';
import { topicLines } from '../format/columns.ts';

const screenWidth = 80;

export const help: Command = {
  name: 'help',
  summary: 'Show the commands, or how one is used',
  help: [
    ['help', 'Show the commands'],
    ['help <action>', 'Show how a command is used'],
  ],
  completes: 'commands',
  listed: false,
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

/** B17.18: the commands in columns. */
function showTopics(context: CommandContext): void {
  const topics = context.commands.filter((command) => command.listed).map((command) => command.name);
  context.output('');
  for (const line of topicLines('default commands (type help <topic>):', topics.toSorted(), screenWidth)) {
    context.output(line);
  }
}

function showTopic(context: CommandContext, topic: string): void {
  const command = context.commands.find((candidate) => candidate.listed && candidate.name === topic);
  if (command === undefined) {
    context.output(`*** No help on ${topic}`);
  } else {
    showHelp(context, command);
  }
}
