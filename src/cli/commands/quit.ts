/** The ways to leave the shell. */
import type { Command } from '../command.ts';

function leaving(name: string, listing: Command['listing']): Command {
  return {
    name,
    summary: 'Leave the shell',
    help: [[name, 'Leave the shell; Ctrl-D does the same']],
    completes: 'none',
    options: [],
    results: null,
    listing,
    run(context) {
      context.output('');
      return Promise.resolve('quit');
    },
  };
}

export const quit = leaving('quit', 'original');
export const exit = leaving('exit', 'original');

/** What the end of the input is read as; can be typed, too. */
export const endOfFile = leaving('EOF', null);
