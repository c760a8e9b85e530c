/**
 * Why supervisord cannot be reached, for a person: what was tried, whether the daemon runs, who may open its socket.
 *
 * All of it is looked up on this machine after the failure; what cannot be found out is left out.
 */
import { readFileSync, type Stats, statSync } from 'node:fs';
import { loadSettings } from '../config/load.ts';
import { recordOf } from '../config/looked-up.ts';
import { nodeWorld } from '../config/node-world.ts';
import { userFiles } from '../config/user-files.ts';
import type { UserDatabase } from '../config/world.ts';
import {
  BadServerUrlError,
  ConnectionError,
  UnauthorizedError,
  UntrustedServerError,
} from '../client/errors.ts';
import { parseServerUrl } from '../client/server-url.ts';

export interface TriedServer {
  readonly serverUrl: string;
  /** Where the URL comes from: the configuration file or its defaults, or another place by name. */
  readonly origin: { readonly kind: 'file' } | { readonly kind: 'other'; readonly name: string };
  readonly configFile: string | null;
}

/** Lines for stderr; none for failures that the daemon itself answered with. */
export function connectionHint(error: unknown, tried: TriedServer): readonly string[] {
  if (error instanceof UnauthorizedError) {
    return [
      triedLine(tried),
      '  supervisord runs, and asks for the username and password of its HTTP server: -u and -p, or [supervisorctl]',
    ];
  }
  if (error instanceof UntrustedServerError) {
    return [
      triedLine(tried),
      '  a password is sent to root and to your own user, and to the owner of a socket in a directory that nobody else can write',
    ];
  }
  if (!(error instanceof ConnectionError)) {
    return [];
  }
  // A server from elsewhere is not the one that the file speaks of.
  const daemon = tried.origin.kind === 'file' ? daemonLines(tried.configFile) : [];
  return [triedLine(tried), ...daemon, ...socketLines(tried.serverUrl, userFiles())];
}

function triedLine({ serverUrl, origin, configFile }: TriedServer): string {
  const place = origin.kind === 'file' ? (configFile ?? 'the defaults') : origin.name;
  return `  tried ${serverUrl}, from ${place}`;
}

/** Whether the daemon of this configuration runs, by its pidfile. */
function daemonLines(configFile: string | null): readonly string[] {
  if (configFile === null) {
    return ['  no configuration file was found: name one with -c, or a server with -s'];
  }
  const loaded = loadSettings({ configFile, world: nodeWorld(userFiles()) });
  if (!loaded.ok) {
    return [];
  }
  const { pidfilePath } = loaded.settings.daemon;
  const pid = readPid(pidfilePath);
  if (pid === null) {
    return [`  supervisord does not seem to run: there is no pid in ${pidfilePath}`];
  }
  return isSupervisord(pid)
    ? [`  supervisord runs with pid ${pid}, says ${pidfilePath}`]
    : [`  supervisord does not run: no process of that name has pid ${pid}, which ${pidfilePath} names`];
}

function readPid(pidfile: string): number | null {
  try {
    const pid = Number(readFileSync(pidfile, 'utf8').trim());
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

/** A pid may have gone to another program since. */
function isSupervisord(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('supervisord');
  } catch {
    return false;
  }
}

/** Of a unix socket: whether it is there, and who may open it. */
function socketLines(serverUrl: string, users: UserDatabase): readonly string[] {
  const path = socketPath(serverUrl);
  if (path === null) {
    return [];
  }
  const stats = statsOf(path);
  if (typeof stats === 'string') {
    return stats === 'ENOENT'
      ? [`  ${path} does not exist`]
      : [`  ${path} cannot be looked at (${stats}): a folder above it may be closed to ${userName(users)}`];
  }
  if (!stats.isSocket()) {
    return [`  ${path} is no socket`];
  }
  const mode = (stats.mode & 0o777).toString(8).padStart(4, '0');
  const owner = recordOf(users.userById(stats.uid))?.name ?? String(stats.uid);
  const group = recordOf(users.groupById(stats.gid))?.name ?? String(stats.gid);
  const line = `  ${path} belongs to ${owner}:${group} with mode ${mode}`;
  return mayOpen(stats)
    ? [`${line}: ${userName(users)} may open it`]
    : [
        `${line}: ${userName(users)} may not open it; become ${owner}, or set chmod and chown in [unix_http_server]`,
      ];
}

function socketPath(serverUrl: string): string | null {
  try {
    const address = parseServerUrl(serverUrl);
    return address.kind === 'unix' ? address.path : null;
  } catch (error) {
    if (error instanceof BadServerUrlError) {
      return null;
    }
    throw error;
  }
}

/** What the file is, or the errno. */
function statsOf(path: string): Stats | string {
  try {
    return statSync(path);
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
  }
}

const writeBit = 0o2;

/** Connecting to a socket takes the right to write to it. Source: unix(7). */
function mayOpen(stats: Stats): boolean {
  const uid = process.geteuid?.() ?? 0;
  if (uid === 0) {
    return true;
  }
  const groups = [process.getegid?.() ?? 0, ...(process.getgroups?.() ?? [])];
  const shift = uid === stats.uid ? 6 : groups.includes(stats.gid) ? 3 : 0;
  return ((stats.mode >> shift) & writeBit) !== 0;
}

function userName(users: UserDatabase): string {
  const uid = process.geteuid?.() ?? 0;
  return `user ${recordOf(users.userById(uid))?.name ?? uid}`;
}
