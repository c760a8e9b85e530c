/**
 * The kinds of sections that a configuration file may have, with their options.
 *
 * The order is that of docs/configuration.md and of the sample configuration.
 */
import { eventListenerOptions, fcgiProgramOptions, groupOptions } from './grouping.ts';
import { inetHttpServerOptions, unixHttpServerOptions } from './http-server.ts';
import type { AnyOption } from './option.ts';
import { ctlPluginOptions, includeOptions, rpcInterfaceOptions } from './plugins.ts';
import { programOptions } from './program.ts';
import { supervisorctlOptions } from './supervisorctl.ts';
import { supervisordOptions } from './supervisord.ts';

export interface SectionKind {
  /** Header without what follows a colon. */
  readonly name: string;
  /** `none`: the header is just the name; `needed`: `name:x`; `allowed`: both. */
  readonly suffix: 'none' | 'needed' | 'allowed';
  readonly meaning: string;
  readonly options: Readonly<Record<string, AnyOption>>;
  /** Options that are not in the table are handed to a plugin, hence not unknown. */
  readonly takesOthers: boolean;
}

export const sectionKinds: readonly SectionKind[] = [
  {
    name: 'unix_http_server',
    suffix: 'allowed',
    meaning:
      'A server for clients on a Unix socket. There may be several, with different names behind a colon.',
    options: unixHttpServerOptions,
    takesOthers: false,
  },
  {
    name: 'inet_http_server',
    suffix: 'allowed',
    meaning: 'A server for clients on a TCP port. There may be several, with different names behind a colon.',
    options: inetHttpServerOptions,
    takesOthers: false,
  },
  {
    name: 'supervisord',
    suffix: 'none',
    meaning: 'The daemon itself. This section has to be there, even if it is empty.',
    options: supervisordOptions,
    takesOthers: false,
  },
  {
    name: 'rpcinterface',
    suffix: 'needed',
    meaning:
      'An interface of the XML-RPC API. Without `[rpcinterface:supervisor]` neither supervisorctl nor the web interface can do anything.',
    options: rpcInterfaceOptions,
    takesOthers: true,
  },
  {
    name: 'supervisorctl',
    suffix: 'none',
    meaning: 'How supervisorctl reaches the daemon.',
    options: supervisorctlOptions,
    takesOthers: false,
  },
  {
    name: 'program',
    suffix: 'needed',
    meaning: 'A program to run.',
    options: programOptions,
    takesOthers: false,
  },
  {
    name: 'group',
    suffix: 'needed',
    meaning: 'Programs that are started and stopped together. A grouped program has no group of its own.',
    options: groupOptions,
    takesOthers: false,
  },
  {
    name: 'fcgi-program',
    suffix: 'needed',
    meaning:
      'A program whose processes share one FastCGI socket. Takes the options of `[program:x]` as well.',
    options: fcgiProgramOptions,
    takesOthers: false,
  },
  {
    name: 'eventlistener',
    suffix: 'needed',
    meaning:
      'A program that is told of events over its stdin and answers over its stdout. Takes the options of `[program:x]` as well.',
    options: eventListenerOptions,
    takesOthers: false,
  },
  {
    name: 'include',
    suffix: 'none',
    meaning: 'Other configuration files to read.',
    options: includeOptions,
    takesOthers: false,
  },
  {
    name: 'ctlplugin',
    suffix: 'needed',
    meaning: 'Further commands of supervisorctl.',
    options: ctlPluginOptions,
    takesOthers: true,
  },
];

/** Options of a section but for those that it shares with `[program:x]`; the command is everybody's own. */
export function ownOptions(kind: SectionKind): (readonly [string, AnyOption])[] {
  const shared = new Map<string, AnyOption>(kind.name === 'program' ? [] : Object.entries(programOptions));
  shared.delete('command');
  return Object.entries(kind.options).filter(([name, row]) => shared.get(name) !== row);
}

/**
 * The kind of a section header such as `program:x`, or null for one that nobody reads.
 *
 * Compat: a header that only begins like that of a server is one.
 */
export function kindOfSection(section: string): SectionKind | null {
  const colon = section.indexOf(':');
  const name = colon === -1 ? section : section.slice(0, colon);
  const fits = (kind: SectionKind): boolean =>
    kind.suffix === 'allowed'
      ? section.startsWith(kind.name)
      : kind.name === name && (kind.suffix === 'needed') === (colon !== -1);
  return sectionKinds.find(fits) ?? null;
}
