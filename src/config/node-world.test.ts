import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { nodeWorld } from './node-world.ts';
import { userFiles } from './user-files.ts';

describe('the real machine', () => {
  let folder: string;
  const world = nodeWorld(userFiles());
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sv-'));
    mkdirSync(join(folder, 'd'));
    writeFileSync(join(folder, 'f'), 'x');
    symlinkSync('d', join(folder, 'link'));
    symlinkSync('nowhere', join(folder, 'dangling'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('tells directories, files and names apart', () => {
    const names = ['d', 'f', 'link', 'dangling', 'no'];
    const ask = (question: (path: string) => boolean): boolean[] =>
      names.map((name) => question(join(folder, name)));
    expect(ask((path) => world.isDirectory(path))).toEqual([true, false, true, false, false]);
    expect(ask((path) => world.fileExists(path))).toEqual([true, true, true, false, false]);
    expect(ask((path) => world.nameExists(path))).toEqual([true, true, true, true, false]);
    expect(world.isDirectory(`${folder}\0`)).toBe(false);
  });

  it('reads files and directories', () => {
    expect(world.readFile(join(folder, 'f'))).toMatchObject({ ok: true });
    expect(world.readFile(join(folder, 'no'))).toEqual({ ok: false, reason: 'missing' });
    expect(world.readFile(join(folder, 'd'))).toEqual({ ok: false, reason: 'unreadable' });
    const entries = world
      .listDirectory(folder)
      ?.map(({ name, isDirectory }) => `${name}:${String(isDirectory)}`);
    expect(entries?.sort()).toEqual(['d:true', 'dangling:false', 'f:false', 'link:true']);
    expect(world.listDirectory(join(folder, 'f'))).toBeNull();
  });

  it('B11.3: knows the stock plugins and ES modules', () => {
    writeFileSync(
      join(folder, 'plugin.mjs'),
      'export function make() {}\nexport const eventTypes = { OWN: { summary: "One." } };\n',
    );
    const known = [
      'supervisor.rpcinterface:make_main_rpcinterface',
      'supervisor.dispatchers:default_handler',
    ];
    expect(known.map((name) => world.plugin(name, folder))).toEqual(
      known.map(() => ({ ok: true, eventTypes: [] })),
    );
    const modules = ['./plugin.mjs:make', `${folder}/plugin.mjs:make`];
    expect(modules.map((name) => world.plugin(name, folder))).toEqual(
      modules.map(() => ({ ok: true, eventTypes: ['OWN'] })),
    );
    expect(world.plugin('./plugin.mjs:other', folder)).toMatchObject({ ok: false });
  });

  it('has a directory for temporary files', () => {
    expect(world.isDirectory(world.tmpdir)).toBe(true);
  });
});

describe('users of the files in /etc', () => {
  it('are found by name and number', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sv-'));
    writeFileSync(
      join(folder, 'passwd'),
      'root:x:0:0:root:/root:/bin/sh\nbroken\nweb:x:33:44::/var/www:\n+::::::\n',
    );
    writeFileSync(join(folder, 'group'), 'root:x:0:\nstaff:x:50:web\n');
    const users = userFiles(join(folder, 'passwd'), join(folder, 'group'));
    expect(users.userByName('web')).toEqual({ name: 'web', uid: 33, gid: 44, home: '/var/www' });
    expect(users.userById(0)).toMatchObject({ name: 'root' });
    expect([users.userByName('broken'), users.userByName('+'), users.userById(1)]).toEqual([
      null,
      null,
      null,
    ]);
    const staff = { name: 'staff', gid: 50 };
    expect([users.groupByName('staff'), users.groupById(50), users.groupByName('no')]).toEqual([
      staff,
      staff,
      null,
    ]);
    rmSync(folder, { recursive: true });
    expect(userFiles('/nonexistent', '/nonexistent').userById(0)).toBeNull();
  });
});
