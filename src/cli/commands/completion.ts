import { strip } from '../../config/python/text.ts';
import { refuseUsage } from '../command.ts';
import type { Command } from '../command.ts';
import { completionScripts } from '../completion/scripts.ts';
import { exitStatuses } from '../exit-statuses.ts';

export const completion: Command = {
  name: 'completion',
  summary: 'Print a script that makes a shell complete commands and names',
  help: [
    ['completion bash', 'Print a script for bash; use: source <(supervisorctl completion bash)'],
    ['completion zsh', 'The same for zsh, to be sourced behind compinit'],
    ['completion fish', 'The same for fish, for ~/.config/fish/completions/supervisorctl.fish'],
  ],
  completes: 'shells',
  options: [],
  results: null,
  listing: 'more',
  async run(context, argument) {
    const shell = strip(argument);
    const script = Object.hasOwn(completionScripts, shell) ? completionScripts[shell] : undefined;
    if (script === undefined) {
      const known = Object.keys(completionScripts).join(', ');
      const problem = `Error: completion requires one of these shells: ${known}`;
      refuseUsage(context, completion, problem, exitStatuses.invalidArguments);
    } else {
      await context.write(Buffer.from(script));
    }
  },
};
