/**
 * The sample configuration that `echo_supervisord_conf` prints, made from the tables of options.
 *
 * B12.5: scripts look for its first line, and edit it with stream editors; hence the spelling of the lines that
 * they touch is that of the original. So are its paths, in /tmp, but for root's: there anybody can take the name of a
 * socket, or of a log, before root's daemon does.
 */
import { ownOptions, sectionKinds, type SectionKind } from './options/sections.ts';
import type { AnyOption } from './options/option.ts';

const introduction = `; Sample supervisor config file.
;
; Every option is described in docs/configuration.md.
;
;  - Lines that begin with a semicolon are comments; remove it to use what follows.
;  - A comment behind a value needs a blank before its semicolon. Such a blank and semicolon begin a comment even
;    inside quotes, so a command cannot contain them.
;  - Quotes mean something in environment= and in commands only. Elsewhere they are part of the value.
;  - The variable X of the environment is written %(ENV_X)s, a percent sign %%.
`;

/** Whose daemon is to be started with it as it is. */
export type SampleUser = 'root' | 'anybody';

const introductionForRoot = `;  - The paths in /run and /var/log can be written by root alone. Another user's sample has others.
`;

/** Where root's daemon has what it makes: directories that are there and that nobody else can write. */
const rootPlaces: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  unix_http_server: { file: '/run/supervisor.sock' },
  supervisord: { logfile: '/var/log/supervisord.log', pidfile: '/run/supervisord.pid' },
  supervisorctl: { serverurl: 'unix:///run/supervisor.sock' },
};

/** Sections and options that are not commented out. */
const active: Readonly<Record<string, readonly string[]>> = {
  unix_http_server: ['file'],
  supervisord: [
    'logfile',
    'logfile_maxbytes',
    'logfile_backups',
    'loglevel',
    'pidfile',
    'nodaemon',
    'silent',
    'minfds',
    'minprocs',
  ],
  rpcinterface: ['supervisor.rpcinterface_factory'],
  supervisorctl: ['serverurl'],
};

/** What stands behind the colon of a header. */
const sampleNames: Readonly<Record<string, string>> = {
  rpcinterface: 'supervisor',
  program: 'theprogramname',
  group: 'thegroupname',
  'fcgi-program': 'thefcgiprogramname',
  eventlistener: 'theeventlistenername',
  ctlplugin: 'thepluginname',
};

const spacedSections: ReadonlySet<string> = new Set(['include', 'rpcinterface', 'ctlplugin']);
const explanationColumn = 36;

export function sampleConfiguration(user: SampleUser): string {
  const isForRoot = user === 'root';
  const beginning = isForRoot ? introduction + introductionForRoot : introduction;
  const places = isForRoot ? rootPlaces : {};
  return [beginning, ...sectionKinds.map((kind) => sampleSection(kind, places[kind.name] ?? {}))].join('\n');
}

function sampleSection(kind: SectionKind, places: Readonly<Record<string, string>>): string {
  const name = sampleNames[kind.name];
  const header = `[${kind.name}${name === undefined ? '' : `:${name}`}]`;
  const isActive = Object.hasOwn(active, kind.name);
  const rows = ownOptions(kind).map(([option, row]) =>
    sampleLine(kind, option, row, places[option] ?? row.example),
  );
  return [`; ${kind.meaning}`, isActive ? header : `;${header}`, ...rows, ''].join('\n');
}

function sampleLine(kind: SectionKind, option: string, row: AnyOption, value: string): string {
  const separator = spacedSections.has(kind.name) ? ' = ' : '=';
  const mark = active[kind.name]?.includes(option) === true ? '' : ';';
  const setting = `${mark}${option}${separator}${value}`;
  return `${setting.padEnd(explanationColumn)} ; ${explanation(row)}`;
}

/** The first sentence of the meaning, and the default. */
function explanation(row: AnyOption): string {
  const [sentence = ''] = row.meaning.split('. ');
  const fallback = row.shownDefault === null ? 'required' : `default ${row.shownDefault}`;
  return `${sentence.replace(/\.$/, '')} (${fallback})`.replaceAll('`', '');
}
