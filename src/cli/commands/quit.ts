/** The ways to leave the shell. */
import type { Command } from '../command.ts';

function leaving(name: string, listed: boolean): Command {
  return {
    name,
    summary: 'Leave the shell',
    help: [[name, 'Leave the shell; Ctrl-D does the same']],
    completes: 'none',
    listed,
    run(context) {
      context.output('');
      return Promise.resolve('quit');
    },
  };
}

export const quit = leaving('quit', true);
export const exit = leaving('exit', true);

/** What the end of the input is read as; can be typed, too. */
export const endOfFile = leaving('EOF', false);
