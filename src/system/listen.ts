/**
 * Sockets that listen for children: on TCP, and on a path with its owner and mode.
 *
 * Source: observed, B9.2 and B9.4.
 */
import { lstatSync, unlinkSync } from 'node:fs';
import type { Binding } from '../native/binding.ts';
import { errnoName } from '../native/errno.ts';
import { Descriptor } from './descriptor.ts';
import { UnsafePathError } from './path-trust.ts';
import { SocketFile } from './socket-file.ts';
import { isReplaceableBySocket, isSocketPathTooLong, socketPathTooLong } from './socket-path.ts';
import type { ListenAddress, ListenResult } from './system.ts';

type SocketCalls = Pick<Binding, 'resolveHost' | 'listenInet' | 'listenUnix' | 'close'>;

/** More than any system allows, which then takes what it does. Source: SOMAXCONN of Linux. */
const largestBacklog = 4096;

export function openListeningSocket(
  binding: SocketCalls,
  address: ListenAddress,
  backlog: number | null,
): ListenResult {
  const waiting = backlog ?? largestBacklog;
  return address.kind === 'tcp'
    ? listenTcp(binding, address, waiting)
    : listenUnix(binding, address, waiting);
}

function listenTcp(
  binding: SocketCalls,
  { host, port }: Extract<ListenAddress, { kind: 'tcp' }>,
  backlog: number,
): ListenResult {
  const address = binding.resolveHost(host);
  return address === null
    ? { ok: false, reason: `the host ${host} has no IPv4 address` }
    : outcomeOf(binding.listenInet(address, port, backlog));
}

function listenUnix(
  binding: SocketCalls,
  { path, mode, owner }: Extract<ListenAddress, { kind: 'unix' }>,
  backlog: number,
): ListenResult {
  const obstacle = isSocketPathTooLong(path) ? socketPathTooLong : removeOldSocket(path);
  if (obstacle !== null) {
    return { ok: false, reason: obstacle };
  }
  const opened = outcomeOf(binding.listenUnix(path, mode, backlog));
  if (!opened.ok) {
    return opened;
  }
  const refusal = admit(path, mode, owner);
  if (refusal !== null) {
    binding.close(opened.fd.release() ?? -1);
    attempt(() => unlinkSync(path), 'remove it again');
    return { ok: false, reason: refusal };
  }
  return opened;
}

/** Gives the socket that was just bound its owner and its mode, and nothing else that has come in its place. */
function admit(path: string, mode: number, owner: readonly [number, number] | null): string | null {
  let socket: SocketFile | null = null;
  try {
    const file = (socket = SocketFile.open(path));
    return (
      (owner === null ? null : attempt(() => file.chown(...owner), 'change the owner of the socket file')) ??
      attempt(() => file.chmod(mode), 'change the mode of the socket file')
    );
  } catch (error) {
    return codeOf(error);
  } finally {
    socket?.close();
  }
}

/** Only sockets, empty files and links are removed: whatever else has the name may be somebody's data. Null, or what is in the way. */
function removeOldSocket(path: string): string | null {
  try {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found !== undefined && !(isReplaceableBySocket(found) || found.isSymbolicLink())) {
      return `${path} exists and is not a socket`;
    }
    if (found !== undefined) {
      unlinkSync(path);
    }
    return null;
  } catch (error) {
    return codeOf(error);
  }
}

function attempt(change: () => void, what: string): string | null {
  try {
    change();
    return null;
  } catch (error) {
    return `cannot ${what}: ${codeOf(error)}`;
  }
}

function outcomeOf(result: number): ListenResult {
  return result < 0 ? { ok: false, reason: errnoName(-result) } : { ok: true, fd: new Descriptor(result) };
}

function codeOf(error: unknown): string {
  if (error instanceof UnsafePathError) {
    return error.message;
  }
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
