import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Impostor, strangerId } from '../../test/helpers/impostor.ts';
import * as native from '../native/index.ts';
import { SupervisorClient } from './client.ts';
import { UntrustedServerError } from './errors.ts';

/** Of root: nobody else can write it, nor what is above it. */
const closedParent = '/run';
const isRoot = process.getuid?.() === 0;
const isClosed = isRoot && (statSync(closedParent).mode & 0o022) === 0;
const credentials = { username: 'me', password: 'secret' };

describe.skipIf(!isClosed)('who serves a unix socket (needs root)', () => {
  /** As /tmp. */
  let shared: string;
  let closed: string;
  const cleanUps: (() => unknown)[] = [];

  beforeEach(() => {
    shared = mkdtempSync(path.join(os.tmpdir(), 'sv-'));
    chmodSync(shared, 0o1777);
    closed = mkdtempSync(path.join(closedParent, 'sv-'));
    chmodSync(closed, 0o755);
  });

  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0)) {
      await cleanUp();
    }
    rmSync(shared, { recursive: true });
    rmSync(closed, { recursive: true });
  });

  async function impostorAt(file: string, uid = strangerId): Promise<Impostor> {
    const impostor = await Impostor.start(file, uid);
    cleanUps.push(() => impostor.stop());
    return impostor;
  }

  /** A server of ours that answers 404; what came with each request. */
  async function serve(file: string): Promise<(string | undefined)[]> {
    const seen: (string | undefined)[] = [];
    const server = createServer(({ headers }, response) => {
      seen.push(headers.authorization);
      response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => {
      server.listen(file, resolve);
    });
    cleanUps.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return seen;
  }

  /** What a call to the socket fails with, as all do here. */
  async function call(file: string, using: typeof credentials | null = credentials): Promise<unknown> {
    const client = new SupervisorClient({ serverUrl: `unix://${file}`, credentials: using });
    cleanUps.unshift(() => client.close());
    return client.getState().catch((error: unknown) => error);
  }

  /** What it was told of us. */
  async function said(impostor: Impostor): Promise<string> {
    await impostor.stop();
    return impostor.heard.join('');
  }

  const authorization = `Basic ${Buffer.from('me:secret').toString('base64')}`;

  it('is told the password when it is root, wherever the socket is and whose the file', async () => {
    const file = path.join(shared, 's.sock');
    const seen = await serve(file);
    chownSync(file, strangerId, strangerId);
    expect(await call(file)).toMatchObject({ status: 404 });
    expect(seen).toEqual([authorization]);
  });

  it('is told nothing when it is a stranger in a shared directory', async () => {
    const file = path.join(shared, 's.sock');
    const impostor = await impostorAt(file);
    const error = await call(file);
    expect(error).toBeInstanceOf(UntrustedServerError);
    expect(error).toMatchObject({ code: 'UNTRUSTED_SERVER', path: file, uid: strangerId });
    expect(String(error)).toBe(
      `UntrustedServerError: ${file} is served by user nobody (uid 65534), who is neither root nor you: ` +
        'the password was not sent',
    );
    expect(await said(impostor)).toBe('');
  });

  it('is told nothing in a directory that the stranger has made in a shared one', async () => {
    const directory = path.join(shared, 'supervisor');
    mkdirSync(directory);
    chownSync(directory, strangerId, strangerId);
    const impostor = await impostorAt(path.join(directory, 's.sock'));
    expect(await call(path.join(directory, 's.sock'))).toMatchObject({ uid: strangerId });
    expect(await said(impostor)).toBe('');
  });

  it('is told nothing by a stream either', async () => {
    const file = path.join(shared, 's.sock');
    const impostor = await impostorAt(file);
    const client = new SupervisorClient({ serverUrl: `unix://${file}`, credentials });
    await expect(client.follow({ kind: 'main' }).next()).rejects.toBeInstanceOf(UntrustedServerError);
    expect(await said(impostor)).toBe('');
  });

  it('is not looked at without credentials', async () => {
    const loadBinding = vi.spyOn(native, 'loadBinding');
    const file = path.join(shared, 's.sock');
    const impostor = await impostorAt(file);
    expect(await call(file, null)).toMatchObject({ status: 401 });
    expect(await said(impostor)).toContain('supervisor.getState');
    expect(loadBinding).not.toHaveBeenCalled();
  });

  it('is told the password when the path is theirs, also where others have rights', async () => {
    chownSync(closed, strangerId, strangerId);
    for (const mode of [0o755, 0o775, 0o777]) {
      chmodSync(closed, mode);
      const file = path.join(closed, `${mode}.sock`);
      const impostor = await impostorAt(file);
      expect(await call(file)).toMatchObject({ status: 401 });
      expect(await said(impostor)).toContain(`Authorization: ${authorization}`);
    }
  });

  it('is told nothing when it is another one than whose the directory is, or the file', async () => {
    const other = strangerId - 1;
    const file = path.join(closed, 's.sock');
    chmodSync(closed, 0o777);
    const first = await impostorAt(file, other);
    chownSync(closed, strangerId, strangerId);
    expect(await call(file)).toMatchObject({ uid: other });
    expect(await said(first)).toBe('');

    chownSync(closed, 0, 0);
    const second = await impostorAt(`${file}2`, other);
    chmodSync(closed, 0o755);
    chownSync(`${file}2`, 0, 0);
    expect(await call(`${file}2`)).toMatchObject({ uid: other });
    expect(await said(second)).toBe('');
  });

  it('is told nothing when a path of theirs leads through a shared directory', async () => {
    chownSync(closed, strangerId, strangerId);
    const file = path.join(shared, 's.sock');
    const impostor = await impostorAt(file);
    symlinkSync(shared, path.join(closed, 'link'));
    expect(await call(path.join(closed, 'link', 's.sock'))).toMatchObject({ uid: strangerId });
    expect(await said(impostor)).toBe('');
  });

  describe('without the addon', () => {
    beforeEach(() => {
      vi.spyOn(native, 'loadBinding').mockImplementation(() => {
        throw new Error('cannot load the native addon');
      });
    });

    it('is told the password where only the owner of the socket, root and we can write', async () => {
      const file = path.join(closed, 's.sock');
      const seen = await serve(file);
      expect(await call(file)).toMatchObject({ status: 404 });
      chownSync(closed, strangerId, strangerId);
      chownSync(file, strangerId, strangerId);
      expect(await call(file)).toMatchObject({ status: 404 });
      expect(seen).toEqual([authorization, authorization]);
    });

    it('is told nothing anywhere else, whoever it is', async () => {
      chownSync(closed, strangerId, strangerId);
      chmodSync(closed, 0o775);
      for (const directory of [shared, closed]) {
        const file = path.join(directory, 's.sock');
        const seen = await serve(file);
        const error = await call(file);
        expect(error).toMatchObject({ code: 'UNTRUSTED_SERVER', uid: null });
        expect(String(error)).toContain('cannot be told without the native addon: the password was not sent');
        expect(seen).toEqual([]);
      }
    });
  });
});
