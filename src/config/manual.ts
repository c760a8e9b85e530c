/**
 * docs/configuration.md, made from the tables of options.
 *
 * Columns are padded as the formatter of the repository pads them, so that both agree on the file.
 */
import { ownOptions, sectionKinds, type SectionKind } from './options/sections.ts';

const introduction = `# Configuration

This page is made from the option tables in \`src/config/options\`; change those, then run the tests of \`src/config\` with
\`-u\`.

A configuration file consists of sections, \`[name]\` or \`[name:x]\`, with options, \`name=value\` or \`name: value\`, one to a
line. Names of options may be in any case, names of sections may not. An indented line continues the value above it. A
\`;\` or \`#\` begins a comment at the start of a line, and behind a blank even inside quotes.

When a section occurs twice, both are merged, and of an option that occurs twice the last counts. Options of a
\`[DEFAULT]\` section are used in all sections that lack them. Unknown sections and options are ignored with a warning.

## Kinds of values

- **Booleans** are \`true\`, \`yes\`, \`on\`, \`1\` and \`false\`, \`no\`, \`off\`, \`0\`, in any case.
- **Sizes** are bytes, or have \`KB\`, \`MB\` or \`GB\` behind them, which count in steps of 1024.
- **Octal numbers** (\`umask\`, \`chmod\`, \`socket_mode\`) are written like \`022\`.
- **Signals** are names with or without \`SIG\`, or numbers.
- **Users and groups** are names or numbers.
- **Paths** of the daemon and of log files may begin with \`~\` for a home directory.

## Expansions

\`%(name)s\` is replaced in every value; a percent sign of its own is written \`%%\`.

- \`%(ENV_X)s\` is the variable \`X\` of the environment or of the \`environment\` option of \`[supervisord]\`, in every section.
  In a program its own \`environment\` counts as well.
- \`%(here)s\` is the directory of the configuration file.
- \`%(host_node_name)s\` is the name of the machine, in programs, \`environment\` and \`files\`.
- \`%(program_name)s\`, \`%(group_name)s\`, \`%(process_num)d\` and \`%(numprocs)d\` are known in programs, the last two in
  those options that may differ from process to process: \`command\`, \`process_name\`, \`environment\`, \`directory\` and the
  options of log files.

## Checking a configuration

\`supervisord --check -c FILE\` lists all errors and warnings with their places and starts nothing; \`--json\` lists them for
programs, and \`--strict\` lets warnings fail as well. It exits with 0, with 1 for warnings under \`--strict\`, and with 2 for
errors. \`supervisord --dump-config -c FILE\` shows as JSON what every option means after expansions and defaults;
with \`--origins\` also the file and line that each value comes from, and then secrets are masked unless \`--show-secrets\` is
given. Of a running daemon, \`supervisorctl config [name]\` shows the same; there \`--show-secrets\` works over its unix socket only.

Secrets are variables of environments and options of \`[rpcinterface:x]\` whose names say so (\`password\`, \`passwd\`, \`secret\`,
\`token\`, \`key\` as a word or at the end, \`credential\`, \`private\`, \`auth\`, \`dsn\`, \`salt\`), and passwords in addresses
(\`redis://user:password@host\`). Name what is secret accordingly, or give a plugin the path of a file. Passwords of the servers
are never shown.

Both take \`--assume WORLD.json\` to judge a configuration for another machine. All fields of that file may be left out:

- \`env\` replaces the environment; \`cwd\`, \`hostname\`, \`tmpdir\` and \`uid\` replace what the machine says.
- \`homes\` has home directories by user name. The entry \`*\` is for all other users, a \`*\` in its value for their name.
- \`missingDirectories\` do not exist, with all below them; every other directory does.
- \`missingUsers\` are beginnings of names of users and groups that do not exist; every other one does.
- \`missingModules\` are beginnings of names of plugins that cannot be loaded.
- \`root\` is a folder that stands for \`/\` when configuration files are read.
`;

/** The whole page, with a line end. */
export function configurationManual(): string {
  return [introduction, ...sectionKinds.map(sectionText)].join('\n');
}

function sectionText(kind: SectionKind): string {
  const suffix = { none: '', needed: ':x', allowed: '' }[kind.suffix];
  const rows = ownOptions(kind).map(([name, row]) => [
    code(name),
    row.shownDefault === null ? 'required' : row.shownDefault,
    row.meaning,
    code(row.example),
    row.since,
  ]);
  return [
    `## \`[${kind.name}${suffix}]\``,
    '',
    kind.meaning,
    '',
    ...table([['Option', 'Default', 'Meaning', 'Example', 'Since'], ...rows]),
    '',
  ].join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}

function table([head = [], ...body]: readonly (readonly string[])[]): string[] {
  const cells = [head, ...body].map((row) => row.map(escapeCell));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [first = [], ...rest] = cells;
  return [line(first), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)];
}

/** A bar would end the cell, an underscore or star outside of code begin emphasis. */
function escapeCell(cell: string): string {
  return cell.replaceAll('|', '\\|');
}
