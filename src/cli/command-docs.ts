/**
 * `docs/supervisorctl.md`, made from the command table.
 */
import type { Command } from './command.ts';
import type { ResultField } from './result.ts';

const introduction = `# supervisorctl

This page is generated from the commands in \`src/cli/commands/\`.

\`supervisorctl [options] action [arguments]\` carries one command out; without an action it is a shell. Options, commands, output and exit
statuses are those of Supervisor, to the byte wherever a machine reads. What is added is for people, or has to be asked for.

## Where a person looks

- **Colors** by state in the shell, \`status -f\` and \`logs\` on a terminal. Other commands are plain, since scripts read them through terminals
  as well (\`ssh -t\`, \`docker exec -t\`): ask with \`--color\` or, for good, \`export SUPERVISORCTL_COLOR=auto\`, which colors whatever goes to a
  terminal. Both take \`always\`, \`never\` and \`auto\`; \`--color\` alone means \`always\`. \`CLICOLOR_FORCE=1\` is \`always\`, \`NO_COLOR=1\` is \`never\` and turns
  off everything else on this list that is not asked for. The option beats \`SUPERVISORCTL_COLOR\`, that beats \`NO_COLOR\`, and that beats
  \`CLICOLOR_FORCE\`. \`TERM=dumb\` has no colors but with \`always\`.
- **When supervisord cannot be reached**, a few lines more on stderr, when that is a terminal: which file and URL were used, whether
  the daemon runs, and who may open the socket.
- **\`status -f\`** draws the table again every second, until Ctrl-C; written to a file or pipe it prints a line for each change.
- **\`status --wide\`** adds processor, memory, automatic restarts and the latest end. A daemon that does not tell (Supervisor's) is
  named as such, and \`-\` shown.
- **\`logs -f\`** follows the logs of many processes together, \`tail -n 20\` counts lines, \`wait\` waits for states.

## Names

Wherever processes are named: \`name\`, \`group:name\`, \`group:*\`, \`all\`, and patterns, with \`*\` for any text, \`?\` for any character, \`[abc]\` and
\`[!abc]\` for one of, or none of, these. Quote them for your shell: \`supervisorctl restart 'worker-*'\`.

A pattern without a colon is compared with the name that \`status\` prints and with the process's own name; with a colon its two halves
are compared with group and process. What exists under the very name that was typed is always meant by it, whatever characters
it has. A pattern that matches nothing is answered as any unknown name is.

Lines always come in the order of the names. \`stop\`, and the first half of \`restart\`, act on all names at once, 32 at a time; no line or exit
status can differ by that from one after the other. \`start\` does so only for what one pattern matches: of several names a later
one may need an earlier one to run.

## \`--json\`

Every command with results below takes \`--json\` and then prints one document, whatever happens:

\`\`\`json
{
  "command": "status",
  "exitStatus": 0,
  "results": [],
  "messages": []
}
\`\`\`

\`exitStatus\` is that of the program. \`results\` has an object for each result, with the fields that are listed at each command.
\`messages\` has the lines that belong to no result, such as errors, as they are printed without \`--json\`. Fields may be added in later versions;
none changes its name, type or meaning. With \`-f\` each result is printed on a line of its own as it comes, and there is no
document around them; what went wrong follows as a last line with \`messages\`.

\`check --json\` prints a document of its own.

## Exit statuses

Those of Supervisor: 0 it went well, 1 it did not, 2 bad arguments, 3 the daemon lacks it, 4 the daemon refuses connections, 5 it speaks another version, 7
not running (or the socket is missing). Of \`status\`: 3 some process shown is not running, 4 unknown name, or the daemon cannot be
reached. Of \`wait\` also: 7 a process is FATAL, 124 the time is up.

## Completion

\`\`\`sh
source <(supervisorctl completion bash)                                     # bash, in ~/.bashrc
source <(supervisorctl completion zsh)                                      # zsh, in ~/.zshrc, behind compinit
supervisorctl completion fish > ~/.config/fish/completions/supervisorctl.fish # fish
\`\`\`

Commands, their options, and the names of processes and groups that the daemon knows are completed; options such as \`-c FILE\`
in front are heeded.

## Commands
`;

/** The whole page. */
export function renderCommandDocs(commands: readonly Command[]): string {
  const listed = commands.filter(({ listing, results }) => listing !== null || results !== null);
  const byName = listed.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  return `${[introduction.trimEnd(), ...byName.flatMap(renderCommand)].join('\n')}\n`;
}

function renderCommand({ name, summary, help, results }: Command): readonly string[] {
  const usage = help.map(([line, text]) =>
    line === '' ? `${' '.repeat(4)}${text}` : `${line}\n    ${text}`,
  );
  return [
    '',
    `### ${name}`,
    '',
    `${summary}.`,
    '',
    '```text',
    ...usage,
    '```',
    ...(results === null ? [] : ['', ...renderFields(results)]),
  ];
}

function renderFields(fields: readonly ResultField[]): readonly string[] {
  return [
    '| field | type | meaning |',
    '| --- | --- | --- |',
    ...fields.map(([name, type, meaning]) => `| \`${name}\` | ${type} | ${meaning} |`),
  ];
}
