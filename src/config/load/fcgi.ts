/** Reads a `[fcgi-program:x]` section with its socket (B9). */
import { isTrouble, troubleText } from '../looked-up.ts';
import { fcgiOptions as rows } from '../options/grouping.ts';
import { parsePort } from '../options/inet-address.ts';
import { programOptions } from '../options/program.ts';
import type { Owner } from '../options/identities.ts';
import { parsed, refused, type Parsed } from '../python/parsed.ts';
import { absolutePath } from '../python/paths.ts';
import { repr } from '../python/repr.ts';
import { spaceClass } from '../python/text.ts';
import type { FcgiSocketSettings, GroupSettings } from '../settings.ts';
import { SectionReader, type LoadContext } from './context.ts';
import { groupNameOf, groupReader } from './groups.ts';
import { readProcesses } from './programs.ts';

const tcpForm = new RegExp(`^tcp://([^${spaceClass}:]+):(\\p{Nd}+)\\n?$`, 'u');

interface SocketParts {
  readonly uid: number | null;
  readonly backlog: number | null;
  readonly owner: Owner | null;
  readonly mode: number | null;
}

export function readFcgiGroup(context: LoadContext, section: string): GroupSettings | null {
  const reader = groupReader(context, section);
  const name = groupNameOf(reader);
  if (name === null) {
    return null;
  }
  const priority = reader.read('priority', programOptions.priority);
  const parts: SocketParts = {
    uid: reader.read('user', programOptions.user),
    backlog: reader.read('socket_backlog', rows.socket_backlog),
    owner: reader.read('socket_owner', rows.socket_owner),
    mode: reader.read('socket_mode', rows.socket_mode),
  };
  const socket = readSocket(context, section, name, parts);
  const processes = readProcesses(context, section, name, 'fcgi-program');
  return context.made<GroupSettings>(
    { kind: 'fcgi-program', name, priority, processes, socket: socket ?? noSocket },
    section,
  );
}

/** Stands where a socket could not be read; such settings are never handed out. */
const noSocket: FcgiSocketSettings = { kind: 'tcp', url: '', host: '', port: 0, backlog: null };

function readSocket(
  context: LoadContext,
  section: string,
  name: string,
  parts: SocketParts,
): FcgiSocketSettings | null {
  const names = new Map([
    ['program_name', name],
    ['here', context.here],
  ]);
  const reader = new SectionReader(context, section, names);
  const option = 'socket';
  const url = reader.read(option, rows.socket);
  if (url === null || url === '') {
    reader.error(`[${section}] section requires a "socket" line`, { option });
    return null;
  }
  const socket = parseSocket(context, url, parts);
  if (!socket.ok) {
    reader.error(`${socket.message} in [${section}] socket`, {
      option,
      expected: rows.socket.convert.expected,
    });
    return null;
  }
  return socket.value;
}

function parseSocket(context: LoadContext, url: string, parts: SocketParts): Parsed<FcgiSocketSettings> {
  const { world } = context;
  const { backlog } = parts;
  if (url.startsWith('unix://')) {
    const given = url.slice('unix://'.length);
    if (!given.startsWith('/')) {
      // Compat: the original forgets to put the path into its message.
      return refused(`('Unix socket path %s is not an absolute path', ${repr(given)})`);
    }
    const path = absolutePath(given, world.cwd);
    const owner = parts.owner === null ? ownerOfProgram(context, parts.uid) : parsed(parts.owner);
    if (!owner.ok) {
      return owner;
    }
    const mode = parts.mode ?? 0o700;
    return parsed({ kind: 'unix', url: `unix://${path}`, path, mode, owner: owner.value, backlog });
  }
  if (parts.owner !== null || parts.mode !== null) {
    return refused('socket_owner and socket_mode params should only be used with a Unix domain socket');
  }
  const match = tcpForm.exec(url);
  if (match === null) {
    // Compat: as above.
    return refused(`('Bad socket format %s', ${repr(url)})`);
  }
  const host = (match[1] ?? '').toLowerCase();
  const port = parsePort(match[2] ?? '');
  return port.ok
    ? parsed({ kind: 'tcp', url: `tcp://${host}:${String(port.value)}`, host, port: port.value, backlog })
    : port;
}

/** B9.2: the user of the program with its group, if it is not the daemon's own. */
function ownerOfProgram({ world }: LoadContext, uid: number | null): Parsed<Owner | null> {
  const user = uid === null || uid === world.uid ? null : world.users.userById(uid);
  if (isTrouble(user)) {
    return refused(troubleText(`user ${uid}`, user));
  }
  return parsed(user === null ? null : [user.uid, user.gid]);
}
