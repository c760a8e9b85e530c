import {
  constants,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { loadBinding } from '../native/index.ts';
import type { Descriptor } from './descriptor.ts';
import { openListeningSocket } from './listen.ts';
import type { ListenAddress } from './system.ts';

const binding = loadBinding();
const folder = mkdtempSync(path.join(os.tmpdir(), 'sv-'));
const isRoot = process.getuid?.() === 0;
const opened: Descriptor[] = [];

afterEach(() => {
  for (const fd of opened.splice(0)) {
    binding.close(fd.number);
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The descriptor, or why there is none. */
function listen(address: ListenAddress, backlog: number | null = null): number | string {
  const result = openListeningSocket(binding, address, backlog);
  if (!result.ok) {
    return result.reason;
  }
  opened.push(result.fd);
  return result.fd.number;
}

function unix(name: string, changes: { mode?: number; owner?: readonly [number, number] | null } = {}) {
  return { kind: 'unix', path: path.join(folder, name), mode: 0o700, owner: null, ...changes } as const;
}

function flagsOf(fd: number | string): number {
  const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
  return Number.parseInt(flags ?? '', 8);
}

/** Null when it was taken, even if only to wait. */
function tryConnect(address: { path: string } | { port: number; host: string }, clients: Socket[] = []) {
  return new Promise<string | null>((resolve) => {
    const client = connect(address);
    clients.push(client);
    client.on('connect', () => resolve(null));
    client.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
  });
}

describe('a listening socket on a path', () => {
  it('is blocking, close-on-exec, and has its mode whatever the umask is', async () => {
    const umask = process.umask(0o077);
    const fd = listen(unix('mode', { mode: 0o766 }));
    process.umask(umask);
    expect(flagsOf(fd) & constants.O_NONBLOCK).toBe(0);
    expect(flagsOf(fd) & 0o2000000).not.toBe(0);
    expect(statSync(path.join(folder, 'mode')).mode & 0o7777).toBe(0o766);
    const clients: Socket[] = [];
    expect(await tryConnect({ path: path.join(folder, 'mode') }, clients)).toBeNull();
    clients.forEach((client) => client.destroy());
  });

  it('B9.2: lets as many connections wait as the backlog says', async () => {
    listen(unix('backlog'), 1);
    const clients: Socket[] = [];
    const outcomes: (string | null)[] = [];
    for (let count = 0; count < 3; count += 1) {
      outcomes.push(await tryConnect({ path: path.join(folder, 'backlog') }, clients));
    }
    clients.forEach((client) => client.destroy());
    expect(outcomes).toEqual([null, null, 'EAGAIN']);
  });

  it('gives owner and mode to nothing that others have put in its place', () => {
    const precious = path.join(folder, 'precious');
    writeFileSync(precious, '', { mode: 0o600 });
    const address = unix('exchanged', { mode: 0o777, owner: [65534, 12] });
    const hasty = {
      ...binding,
      listenUnix: (...args: Parameters<typeof binding.listenUnix>) => {
        const fd = binding.listenUnix(...args);
        unlinkSync(address.path);
        symlinkSync(precious, address.path);
        return fd;
      },
    };
    expect(openListeningSocket(hasty, address, null)).toEqual({
      ok: false,
      reason: 'somebody has put something else in its place',
    });
    const { mode, uid } = statSync(precious);
    expect([mode & 0o777, uid]).toEqual([0o600, process.geteuid?.()]);
  });

  it.runIf(isRoot)('B9.2: has the owner it should have', () => {
    listen(unix('owner', { owner: [65534, 12] }));
    expect(statSync(path.join(folder, 'owner'))).toMatchObject({ uid: 65534, gid: 12 });
  });

  it('B9.4: takes the place of an old socket or a link, and of nothing else', () => {
    const old = listen(unix('old'));
    expect(typeof old).toBe('number');
    expect(typeof listen(unix('old'))).toBe('number');
    symlinkSync('nowhere', path.join(folder, 'link'));
    expect(typeof listen(unix('link'))).toBe('number');
    const file = path.join(folder, 'file');
    writeFileSync(file, 'data');
    expect(listen(unix('file'))).toBe(`${file} exists and is not a socket`);
    expect(readFileSync(file, 'utf8')).toBe('data');
    expect(listen(unix('none/x'))).toBe('ENOENT');
    expect(listen(unix('x'.repeat(200)))).toBe('AF_UNIX path too long');
    writeFileSync(path.join(folder, 'empty'), '');
    expect(typeof listen(unix('empty'))).toBe('number');
  });
});

describe('a listening socket on TCP', () => {
  it('takes names and addresses, and says why not', async () => {
    const fd = listen({ kind: 'tcp', host: 'localhost', port: 0 });
    const port = portOf(fd);
    const clients: Socket[] = [];
    expect(await tryConnect({ host: '127.0.0.1', port }, clients)).toBeNull();
    clients.forEach((client) => client.destroy());
    expect(listen({ kind: 'tcp', host: '127.0.0.1', port })).toBe('EADDRINUSE');
    expect(listen({ kind: 'tcp', host: '192.0.2.1', port })).toBe('EADDRNOTAVAIL');
    expect(listen({ kind: 'tcp', host: 'no such host', port })).toBe(
      'the host no such host has no IPv4 address',
    );
  });
});

/** Of a socket that listens on 127.0.0.1, by its inode. */
function portOf(fd: number | string): number {
  const inode = statSync(`/proc/self/fd/${fd}`).ino;
  const line = readFileSync('/proc/self/net/tcp', 'utf8')
    .split('\n')
    .find((text) => text.trim().split(/\s+/)[9] === String(inode));
  return Number.parseInt(/:([0-9A-F]{4}) /.exec(line ?? '')?.[1] ?? '', 16);
}
