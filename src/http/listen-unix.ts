/**
 * Listening on a socket file.
 *
 * The socket is made under a name of its own and given the final name only with the right mode, by a hard link:
 * that fails when the name is taken, so of two daemons that start at once one wins, and nobody ever meets a socket
 * with the wrong mode. Mode and owner are given to what was made, whatever has its name by then: the directory may be
 * somebody else's, or everybody's.
 *
 * Source: checklist B3.4 and B3.5.
 */
import {
  closeSync,
  constants,
  existsSync,
  linkSync,
  lstatSync,
  openSync,
  renameSync,
  unlinkSync,
  type Stats,
} from 'node:fs';
import { connect, type Server } from 'node:net';
import { userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpServerSettings } from '../config/settings.ts';
import { isOpenToOthers, isTrusted, UnsafePathError } from '../system/path-trust.ts';
import { SocketFile } from '../system/socket-file.ts';
import { isReplaceableBySocket, isSocketPathTooLong, socketPathTooLong } from '../system/socket-path.ts';
import { bind } from './bind.ts';
import { codeOf, listenFailure, type ListenFailure, type ListenOutcome } from './listen.ts';

export type UnixSettings = Extract<HttpServerSettings, { readonly family: 'unix' }>;

export interface UnixListenHost {
  readonly pid: number;
  /** Takes what is for standard error. */
  warn(text: string): void;
}

/** Between the removal of a dead server's socket and the next attempt. */
const retryDelayMs = 300;
/** A name that is taken anew after so many removals is fought over, or cannot be removed. */
const maxAttempts = 10;

/** File systems that know no hard links. */
const noLinks: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** Listens on the settings' file. `release` unlinks it, unless it is another's by then. */
export async function listenUnix(
  server: Server,
  settings: UnixSettings,
  host: UnixListenHost,
): Promise<ListenOutcome> {
  if (isSocketPathTooLong(settings.file)) {
    return { ok: false, ...listenFailure(socketPathTooLong) };
  }
  const temporary = temporaryName(settings.file, host.pid);
  if (statOf(temporary)?.isSocket() === false) {
    return { ok: false, ...occupied(temporary) };
  }
  unlinkIfThere(temporary);
  let socket: SocketFile | null = null;
  try {
    await bindClosed(server, temporary);
    socket = SocketFile.open(temporary);
    socket.chmod(settings.chmod);
    const refusal = await takeName(temporary, settings.file, host);
    return refusal === null ? finish(socket, settings) : { ok: false, ...refusal };
  } catch (error) {
    return { ok: false, ...failureOf(error, settings.file) };
  } finally {
    unlinkIfThere(temporary);
    socket?.close();
  }
}

/** What is left once the socket has its name. */
function finish(socket: SocketFile, settings: UnixSettings): ListenOutcome {
  const { own } = socket;
  const release = (): void => unlinkIfSame(settings.file, own);
  const refusal = changeOwner(socket, settings);
  if (refusal !== null) {
    release();
    return { ok: false, ...refusal };
  }
  return { ok: true, release };
}

/** Beside the final name, so that it can be linked; a shorter one where the pid makes it too long. */
function temporaryName(file: string, pid: number): string {
  const name = `${file}.${pid}`;
  return isSocketPathTooLong(name) ? path.join(path.dirname(file), `.${pid}`) : name;
}

/** Binds to a socket file that nobody but root may open yet. */
async function bindClosed(server: Server, file: string): Promise<void> {
  const directory = isSocketPathTooLong(file) ? openSync(path.dirname(file), constants.O_DIRECTORY) : null;
  const umask = process.umask(0o777);
  let bound: Promise<void>;
  try {
    // The kernel makes the file within this call. Through the directory's descriptor any name is short enough.
    bound = bind(server, {
      path: directory === null ? file : `/proc/self/fd/${directory}/${path.basename(file)}`,
    });
  } finally {
    process.umask(umask);
  }
  try {
    await bound;
  } finally {
    if (directory !== null) {
      closeSync(directory);
    }
  }
}

/** Node reports a missing directory as EACCES, as it does a forbidden one. */
function failureOf(error: unknown, file: string): ListenFailure {
  if (error instanceof UnsafePathError) {
    return { kind: 'invalid', message: `Cannot open an HTTP server: '${file}': ${error.message}` };
  }
  const code = codeOf(error);
  return listenFailure(code === 'EACCES' && !existsSync(path.dirname(file)) ? 'ENOENT' : code);
}

/** Gives the socket its final name; null, or why it cannot have it. */
async function takeName(
  temporary: string,
  file: string,
  host: UnixListenHost,
): Promise<ListenFailure | null> {
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    if (tryName(temporary, file)) {
      return null;
    }
    if (!isReplaceable(file)) {
      return occupied(file);
    }
    if (await isAnswered(file)) {
      return listenFailure('EADDRINUSE');
    }
    host.warn(`Unlinking stale socket ${file}\n`);
    unlinkIfThere(file);
    await sleep(retryDelayMs);
  }
  return listenFailure('EADDRINUSE');
}

/** False when the name is taken. */
function tryName(temporary: string, file: string): boolean {
  try {
    linkSync(temporary, file);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (noLinks.has(code) && statOf(file) === null) {
      renameSync(temporary, file);
      return true;
    }
    if (code !== 'EEXIST' && !noLinks.has(code)) {
      throw error;
    }
    return false;
  }
}

/** Milliseconds for a server that has accepted a connection to say something; one that does not is alive, too. */
const answerTimeoutMs = 5000;

/** Whether somebody accepts connections at the socket. */
function isAnswered(file: string): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (answered: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answered);
    };
    const timer = setTimeout(() => settle(true), answerTimeoutMs);
    const socket = connect(file);
    socket.on('connect', () => socket.write('GET / HTTP/1.0\r\n\r\n'));
    socket.on('data', () => settle(true));
    socket.on('end', () => settle(true));
    socket.on('error', () => settle(false));
  });
}

function changeOwner(socket: SocketFile, { file, chown: [uid, gid] }: UnixSettings): ListenFailure | null {
  try {
    socket.chown(uid, gid);
    return null;
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'EPERM') {
      return listenFailure(code);
    }
    return {
      kind: 'invalid',
      message:
        `Not permitted to chown ${file} to uid/gid (${uid}, ${gid}); adjust "sockchown" value in config file or ` +
        `on command line to values that the current user (${userInfo().username}) can successfully chown`,
    };
  }
}

function statOf(file: string): Stats | null {
  return lstatSync(file, { throwIfNoEntry: false }) ?? null;
}

/** True also when it has just been removed. A stranger's file stays, though it is empty. */
function isReplaceable(file: string): boolean {
  const found = statOf(file);
  return found === null || found.isSocket() || (isReplaceableBySocket(found) && isNoStranger(found, file));
}

/** Where others can write, root and our own user are none, and whose directory it is. */
function isNoStranger({ uid }: Stats, file: string): boolean {
  const directory = statOf(`${path.dirname(file)}/.`);
  return isTrusted(uid) || directory === null || uid === directory.uid || !isOpenToOthers(directory);
}

function occupied(file: string): ListenFailure {
  return { kind: 'invalid', message: `Cannot open an HTTP server: '${file}' exists and is not a socket` };
}

function unlinkIfSame(file: string, own: Stats): void {
  const now = statOf(file);
  if (now !== null && now.ino === own.ino && now.dev === own.dev) {
    unlinkIfThere(file);
  }
}

function unlinkIfThere(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // It is not there, or is found again by whoever needs the name.
  }
}
