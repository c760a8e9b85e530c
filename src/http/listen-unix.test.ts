import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { strangerId } from '../../test/helpers/impostor.ts';
import { openHttpServers, type HttpServers } from './open-servers.ts';
import { appOf, ask, makeDirectory, unixSettings, type UnixServerSettings } from './server.fixture.ts';

const inUse =
  'Another program is already listening on a port that one of our HTTP servers is configured to use.  ' +
  'Shut this program down first before starting supervisord.';

describe('listening on a socket file', () => {
  let directory: string;
  let remove: () => void;
  let file: string;
  const warnings: string[] = [];
  const opened: HttpServers[] = [];

  beforeEach(() => {
    ({ directory, remove } = makeDirectory());
    file = path.join(directory, 's.sock');
    warnings.length = 0;
  });

  afterEach(async () => {
    for (const servers of opened.splice(0)) {
      await servers.close();
    }
    remove();
  });

  async function open(...settings: readonly Partial<UnixServerSettings>[]) {
    const outcome = await openHttpServers(
      settings.map((changes) => unixSettings(file, changes)),
      {
        pid: 4711,
        warn: (text) => warnings.push(text),
        maxDescriptors: Number.POSITIVE_INFINITY,
        memory: null,
      },
    );
    if (outcome.ok) {
      opened.push(outcome.servers);
    }
    return outcome;
  }

  it('B3.4: binds with the given mode and leaves nothing else', async () => {
    expect(await open({ chmod: 0o640 })).toMatchObject({ ok: true });
    const facts = lstatSync(file);
    expect([facts.isSocket(), facts.mode & 0o7777]).toEqual([true, 0o640]);
    expect(readdirSync(directory)).toEqual(['s.sock']);
    expect(warnings).toEqual([]);
  });

  it('B3.4: a server that answers is left alone', async () => {
    const live = createServer((_request, response) => response.end('x'));
    await new Promise<void>((resolve) => live.listen(file, resolve));
    expect(await open({})).toEqual({ ok: false, kind: 'in-use', message: inUse });
    expect(existsSync(file)).toBe(true);
    live.closeAllConnections();
    await new Promise((resolve) => live.close(resolve));
  });

  it('B3.4: our own server, still without its application, is left alone as well', async () => {
    await open({});
    opened[0]?.start(appOf([]), () => undefined);
    expect(await open({})).toMatchObject({ ok: false, kind: 'in-use' });
    expect((await ask(file, 'GET', '/')).status).toBe(404);
  });

  it('B3.4: the socket of a dead server is removed with a word on standard error', async () => {
    await leaveStaleSocket(file);
    expect(await open({})).toMatchObject({ ok: true });
    expect(warnings).toEqual([`Unlinking stale socket ${file}\n`]);
    await connects(file);
  });

  it('an empty file is replaced as the socket of a dead server is', async () => {
    writeFileSync(file, '');
    expect(await open({ chmod: 0o700 })).toMatchObject({ ok: true });
    expect(warnings).toEqual([`Unlinking stale socket ${file}\n`]);
    expect(lstatSync(file).isSocket()).toBe(true);
    await connects(file);
  });

  it('a name is as long as the system allows, counted in bytes, and no longer', async () => {
    const nameOf = (bytes: number): string => {
      const rest = bytes - Buffer.byteLength(directory) - 1;
      return path.join(directory, `é${'s'.repeat(rest - 2)}`);
    };
    for (const bytes of [100, 101, 106, 107]) {
      const long = nameOf(bytes);
      expect(await open({ file: long })).toMatchObject({ ok: true });
      await connects(long);
      await opened.pop()?.close();
      expect(readdirSync(directory)).toEqual([]);
    }
    for (const bytes of [108, 109, 120]) {
      expect(await open({ file: nameOf(bytes) })).toEqual({
        ok: false,
        kind: 'system',
        message: 'Cannot open an HTTP server: socket.error reported AF_UNIX path too long',
      });
      expect(readdirSync(directory)).toEqual([]);
    }
  });

  it('what has the name that is used in between is left alone', async () => {
    writeFileSync(`${file}.4711`, 'precious');
    expect(await open({})).toMatchObject({ ok: false, kind: 'invalid' });
    expect(readdirSync(directory)).toEqual(['s.sock.4711']);
  });

  it('a link is never followed, neither at its name nor at the one that is used in between', async () => {
    const precious = path.join(directory, 'precious');
    for (const name of [file, `${file}.4711`]) {
      for (const target of [precious, path.join(directory, 'none')]) {
        writeFileSync(precious, '', { mode: 0o600 });
        symlinkSync(target, name);
        expect(await open({ chmod: 0o777 })).toEqual({
          ok: false,
          kind: 'invalid',
          message: `Cannot open an HTTP server: '${name}' exists and is not a socket`,
        });
        expect(lstatSync(name).isSymbolicLink()).toBe(true);
        expect(lstatSync(precious).mode & 0o777).toBe(0o600);
        unlinkSync(name);
        unlinkSync(precious);
      }
    }
    expect(readdirSync(directory)).toEqual([]);
  });

  it.each([
    ['a link', (name: string, precious: string) => symlinkSync(precious, name)],
    ['another name of a file', (name: string, precious: string) => linkSync(precious, name)],
  ])('mode and owner are not given to %s that has come in its place', async (_, plant) => {
    const precious = path.join(directory, 'precious');
    writeFileSync(precious, '', { mode: 0o600 });
    const opening = open({ chmod: 0o777, chown: [1, 2] });
    unlinkSync(`${file}.4711`);
    plant(`${file}.4711`, precious);
    expect(await opening).toMatchObject({ ok: false });
    const { mode, uid } = lstatSync(precious);
    expect([mode & 0o777, uid]).toEqual([0o600, process.geteuid?.()]);
    expect(existsSync(file)).toBe(false);
  });

  it('mode and owner are not given to another socket that has come in its place', async () => {
    const other = createServer();
    const place = path.join(directory, 'other.sock');
    await new Promise<void>((resolve) => other.listen(place, resolve));
    const { mode } = lstatSync(place);
    const opening = open({ chmod: 0o640 });
    unlinkSync(`${file}.4711`);
    linkSync(place, `${file}.4711`);
    expect(await opening).toEqual({
      ok: false,
      kind: 'invalid',
      message: `Cannot open an HTTP server: '${file}': somebody has put something else in its place`,
    });
    expect(lstatSync(place).mode).toBe(mode);
    await new Promise((resolve) => other.close(resolve));
  });

  it.skipIf(process.getuid?.() !== 0)(
    'a stranger in a shared directory keeps what is no socket (needs root)',
    async () => {
      chmodSync(directory, 0o1777);
      writeFileSync(file, '');
      chownSync(file, strangerId, strangerId);
      expect(await open({})).toMatchObject({ ok: false, kind: 'invalid' });
      expect(lstatSync(file)).toMatchObject({ uid: strangerId, size: 0 });
      unlinkSync(file);
      await leaveStaleSocket(file);
      lchownSync(file, strangerId, strangerId);
      expect(await open({})).toMatchObject({ ok: true });
      expect(lstatSync(file).uid).toBe(0);
    },
  );

  it('nobody may open it before it has its mode', async () => {
    const umask = process.umask(0);
    const opening = open({ chmod: 0o700 });
    const modes = readdirSync(directory).map((name) => lstatSync(path.join(directory, name)).mode & 0o777);
    process.umask(umask);
    expect(modes).toEqual([0]);
    await opening;
    expect(lstatSync(file).mode & 0o777).toBe(0o700);
  });

  it('a file that is no socket is not removed', async () => {
    writeFileSync(file, 'precious');
    expect(await open({})).toEqual({
      ok: false,
      kind: 'invalid',
      message: `Cannot open an HTTP server: '${file}' exists and is not a socket`,
    });
    expect(readdirSync(directory)).toEqual(['s.sock']);
  });

  it('B4.4: a directory that is not there is named by its errno', async () => {
    expect(await open({ file: path.join(directory, 'no', 's.sock') })).toEqual({
      ok: false,
      kind: 'system',
      message: 'Cannot open an HTTP server: socket.error reported errno.ENOENT (2)',
    });
  });

  it('B3.5: close unlinks it, unless it is another one by then', async () => {
    await open({});
    await opened.pop()?.close();
    expect(existsSync(file)).toBe(false);
    await open({});
    unlinkSync(file);
    mkdirSync(file);
    await opened.pop()?.close();
    expect(existsSync(file)).toBe(true);
  });

  it('B3.5: when a later server cannot be opened, those before it leave nothing behind', async () => {
    expect(await open({}, { file: path.join(directory, 'no', 's.sock') })).toMatchObject({ ok: false });
    expect(readdirSync(directory)).toEqual([]);
  });

  it.skipIf(process.getuid?.() !== 0)('B3.4: the owner is changed (needs root)', async () => {
    await open({ chown: [1, 2] });
    const { uid, gid } = lstatSync(file);
    expect([uid, gid]).toEqual([1, 2]);
  });
});

/** A socket file that nobody listens on: what is left of a daemon that was killed. */
async function leaveStaleSocket(file: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(`${file}.old`, resolve));
  linkSync(`${file}.old`, file);
  await new Promise((resolve) => server.close(resolve));
}

function connects(file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(file);
    socket.on('error', reject).on('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}
