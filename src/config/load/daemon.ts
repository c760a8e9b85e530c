/** Reads `[supervisord]` (B5). */
import { expand } from '../expansion.ts';
import { isTrouble, troubleText } from '../looked-up.ts';
import { supervisordOptions as rows } from '../options/supervisord.ts';
import { user as userConverter } from '../options/identities.ts';
import { fullPath } from '../python/paths.ts';
import type { NameValue } from '../python/format-names.ts';
import type { DaemonSettings, HttpServerSettings } from '../settings.ts';
import { SectionReader, type LoadContext } from './context.ts';

const section = 'supervisord';

/** What the command line can say instead of the file; converted already. */
export type DaemonOverrides = Partial<
  Pick<
    DaemonSettings,
    | 'logfile'
    | 'logfileMaxBytes'
    | 'logfileBackups'
    | 'logLevel'
    | 'pidfile'
    | 'umask'
    | 'nodaemon'
    | 'silent'
    | 'minfds'
    | 'minprocs'
    | 'directory'
    | 'user'
    | 'identifier'
    | 'childLogDir'
    | 'nocleanup'
    | 'stripAnsi'
  >
>;

type FileValues = Required<DaemonOverrides> & { readonly environment: ReadonlyMap<string, string> };

/** The values of the section, in the order in which the original asks for them. */
export function readDaemonSection(context: LoadContext): FileValues {
  const reader = new SectionReader(context, section, new Map([['here', context.here]]));
  const values = {
    minfds: reader.read('minfds', rows.minfds),
    minprocs: reader.read('minprocs', rows.minprocs),
    directory: reader.read('directory', rows.directory),
    user: reader.read('user', rows.user),
    umask: reader.read('umask', rows.umask),
    logfile: reader.read('logfile', rows.logfile),
    logfileMaxBytes: reader.read('logfile_maxbytes', rows.logfile_maxbytes),
    logfileBackups: reader.read('logfile_backups', rows.logfile_backups),
    logLevel: reader.read('loglevel', rows.loglevel),
    pidfile: reader.read('pidfile', rows.pidfile),
    identifier: reader.read('identifier', rows.identifier),
    nodaemon: reader.read('nodaemon', rows.nodaemon),
    silent: reader.read('silent', rows.silent),
    childLogDir: childLogDir(reader),
    nocleanup: reader.read('nocleanup', rows.nocleanup),
    stripAnsi: reader.read('strip_ansi', rows.strip_ansi),
    environment: environment(reader),
  };
  // B2.7: from here on, its variables can be used like those of the machine.
  for (const [name, value] of values.environment) {
    context.environment.set(`ENV_${name}`, value);
  }
  return values;
}

/** The default is the machine's, and treated like a value of the file. */
function childLogDir(reader: SectionReader): string {
  const option = 'childlogdir';
  const text = reader.expand(reader.raw(option) ?? reader.context.world.tmpdir, option);
  return text === null ? rows.childlogdir.fallback : reader.convert(text, option, rows.childlogdir);
}

function environment(reader: SectionReader): ReadonlyMap<string, string> {
  const { context } = reader;
  const names = (): Map<string, NameValue> =>
    new Map([['here', context.here], ['host_node_name', context.world.hostname], ...context.environment]);
  const option = 'environment';
  const text = reader.take(expand(reader.raw(option) ?? '', names, option), option);
  return text === null ? rows.environment.fallback : reader.convert(text, option, rows.environment);
}

/**
 * Puts the command line over the file and works out what follows from both.
 *
 * The user is looked up last, when all else is known to be right.
 */
export function finishDaemonSettings(
  context: LoadContext,
  values: FileValues,
  overrides: DaemonOverrides,
  httpServers: readonly HttpServerSettings[],
): DaemonSettings {
  const { world } = context;
  const { environment, ...fromFile } = values;
  // An empty path on the command line leaves that of the file.
  const logfile = overrides.logfile || fromFile.logfile;
  const pidfile = overrides.pidfile || fromFile.pidfile;
  const merged = { ...fromFile, ...overrides, logfile, pidfile };
  const uid = merged.user === null ? null : lookUpUser(context, merged.user);
  const logfilePath = merged.logfile === 'syslog' ? merged.logfile : fullPath(merged.logfile, world);
  const settings: DaemonSettings = {
    ...merged,
    logfilePath,
    pidfilePath: fullPath(merged.pidfile, world),
    uid,
    gid: uid === null ? null : lookUpGid(context, uid),
    environment: Object.fromEntries(environment),
    serverUrl: ownServerUrl(httpServers),
  };
  return context.made(settings, section);
}

function lookUpUser(context: LoadContext, user: string): number | null {
  const uid = userConverter.parse(user, context.world);
  if (!uid.ok) {
    context.error(section, uid.message, { option: 'user', expected: userConverter.expected });
    return null;
  }
  return uid.value;
}

/** The primary group. */
function lookUpGid(context: LoadContext, uid: number): number | null {
  const user = context.world.users.userById(uid);
  if (isTrouble(user)) {
    const message = troubleText(`user ${uid}`, user);
    context.error(section, message, { option: 'user', expected: userConverter.expected });
    return null;
  }
  return user?.gid ?? null;
}

/**
 * The address that children are told: that of the first Unix server, or else of the last one on TCP.
 *
 * Compat: the original means the first one there too, but does not stop at it.
 */
function ownServerUrl(servers: readonly HttpServerSettings[]): string | null {
  const unix = servers.find((server) => server.family === 'unix');
  if (unix?.family === 'unix') {
    return `unix://${unix.file}`;
  }
  const inet = servers.findLast((server) => server.family === 'inet');
  if (inet?.family === 'inet') {
    return `http://${inet.host === '' ? 'localhost' : inet.host}:${String(inet.port)}`;
  }
  return null;
}
