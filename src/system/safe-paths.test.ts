import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Admitted } from './place.ts';
import { safePaths } from './safe-paths.fixture.ts';

const { O_APPEND, O_CREAT, O_EXCL, O_RDWR, O_TRUNC, O_WRONLY } = fs.constants;
const stranger = 65534;
const other = 65533;
const isRoot = process.getuid?.() === 0;

let folder = '';

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sv-'));
  fs.chmodSync(folder, 0o755);
});

afterEach(() => {
  fs.rmSync(folder, { recursive: true });
});

const inFolder = (name: string): string => path.join(folder, name);

function makeDirectory(name: string, uid: number, mode = 0o755): string {
  const directory = inFolder(name);
  fs.mkdirSync(directory);
  fs.chmodSync(directory, mode);
  fs.chownSync(directory, uid, uid);
  return directory;
}

function makeFile(file: string, text: string, uid = 0): string {
  fs.writeFileSync(file, text);
  fs.chownSync(file, uid, uid);
  return file;
}

function makeLink(target: string, file: string, uid: number): void {
  fs.symlinkSync(target, file);
  fs.lchownSync(file, uid, uid);
}

const nobody: Admitted = { friends: new Set(), links: [] };
const friend: Admitted = { ...nobody, friends: new Set([stranger]) };

/** Appends `+` and tells what the file holds then, or why it was not opened. */
function append(file: string, admitted = nobody, flags = O_CREAT): string {
  try {
    const fd = safePaths.open(file, O_APPEND | O_RDWR | flags, 0o644, admitted);
    fs.writeSync(fd, '+');
    const text = fs.readFileSync(`/proc/self/fd/${fd}`, 'utf8');
    fs.closeSync(fd);
    return text;
  } catch (error) {
    return (error as Error).message;
  }
}

describe.skipIf(!isRoot)('a file in a directory that others can write', () => {
  it('is taken when it is of root, of whose directory it is or of a friend, and has no other name', () => {
    const directory = makeDirectory('d', stranger);
    const shared = makeDirectory('shared', 0, 0o1777);
    makeFile(`${directory}/root`, 'root');
    makeFile(`${directory}/owner`, 'owner', stranger);
    makeFile(`${directory}/other`, 'other', other);
    makeFile(`${directory}/linked`, 'linked');
    fs.linkSync(`${directory}/linked`, inFolder('elsewhere'));
    makeFile(`${shared}/friend`, 'friend', stranger);
    expect(['root', 'owner', 'other', 'linked', 'new'].map((name) => append(`${directory}/${name}`))).toEqual(
      [
        'root+',
        'owner+',
        `others can write its directory, and it belongs to user ${other}`,
        'others can write its directory, and it is a file with another name elsewhere',
        '+',
      ],
    );
    expect([append(`${shared}/friend`), append(`${shared}/friend`, friend)]).toEqual([
      `others can write its directory, and it belongs to user ${stranger}`,
      'friend+',
    ]);
  });

  it('is emptied once it is known, made where that was asked for, and never waited for', () => {
    const directory = makeDirectory('d', stranger);
    const file = makeFile(`${directory}/file`, 'file');
    const strange = makeFile(`${directory}/strange`, 'strange', other);
    execFileSync('mkfifo', [`${directory}/fifo`]);
    expect(append(file, nobody, O_TRUNC)).toBe('+');
    expect(append(strange, nobody, O_TRUNC)).toContain('belongs to');
    expect(fs.readFileSync(strange, 'utf8')).toBe('strange');
    expect(append(file, nobody, O_CREAT | O_EXCL)).toMatch(/^EEXIST/);
    expect(append(`${directory}/none`, nobody, 0)).toMatch(/^ENOENT/);
    expect(() => safePaths.open(`${directory}/fifo`, O_WRONLY, 0, nobody)).toThrow('ENXIO');
  });
});

describe.skipIf(!isRoot)('a link', () => {
  it('of root is followed where nobody can have moved it, or it is known', () => {
    const [shared, owned] = [makeDirectory('shared', 0, 0o1777), makeDirectory('owned', stranger)];
    const target = makeFile(inFolder('target'), 'target');
    [folder, shared, owned].forEach((directory) => makeLink('../target', `${directory}/link`, 0));
    fs.rmSync(inFolder('link'));
    makeLink('target', inFolder('link'), 0);
    expect([append(inFolder('link')), append(`${shared}/link`)]).toEqual(['target+', 'target++']);
    expect(append(`${owned}/link`)).toContain('whoever can write its directory has put a link in its path');
    expect(append(`${owned}/link`, { ...nobody, links: 'all' })).toBe('target+++');
    fs.linkSync(`${shared}/link`, `${shared}/second`);
    expect(append(`${shared}/second`, { ...friend, links: 'all' })).toContain('leads to what is not theirs');
    expect(fs.readFileSync(target, 'utf8')).toBe('target+++');
  });

  it('of others leads from where they may to what is theirs, and to devices for all', () => {
    const [shared, own] = [makeDirectory('shared', 0, 0o1777), makeDirectory('own', stranger)];
    makeFile(inFolder('root'), 'root');
    makeFile(`${own}/log`, 'own', stranger);
    makeDirectory('third', other);
    const leads = (directory: string, target: string, admitted = nobody): string => {
      makeLink(target, `${directory}/link`, stranger);
      const answer = append(`${directory}/link`, admitted);
      fs.rmSync(`${directory}/link`);
      return answer.replace(/.*(put a link in its path.*)/, '$1');
    };
    expect(leads(own, `${own}/log`)).toBe('own+');
    expect(leads(own, inFolder('root'))).toBe('put a link in its path, which leads to what is not theirs');
    expect(leads(own, inFolder('third/new'))).toBe(
      'put a link in its path, which leads to what is not theirs',
    );
    expect(leads(own, '/dev/null')).toBe('');
    expect(leads(own, '/proc/self/fd/1')).toBe('put a link in its path, which leads to what is not theirs');
    expect(leads(shared, `${own}/log`)).toBe('put a link in its path');
    expect(leads(shared, `${own}/log`, friend)).toBe('own++');
    expect(leads(own, `${shared}/new`, friend)).toBe(
      'put a link in its path, which leads to what is not theirs',
    );
  });

  it('in place of a directory counts as one in place of the file', () => {
    const own = makeDirectory('own', stranger);
    fs.mkdirSync(inFolder('roots'));
    fs.mkdirSync(`${own}/releases`);
    fs.chownSync(`${own}/releases`, stranger, stranger);
    makeLink('releases', `${own}/current`, stranger);
    makeLink(inFolder('roots'), `${own}/logs`, stranger);
    expect(append(`${own}/current/log`)).toBe('+');
    expect(append(`${own}/logs/log`)).toContain('leads to what is not theirs');
    expect([fs.readdirSync(`${own}/releases`), fs.readdirSync(inFolder('roots'))]).toEqual([['log'], []]);
  });

  it('that leads round ends', () => {
    const own = makeDirectory('own', stranger);
    makeLink('b', `${own}/a`, stranger);
    makeLink('a', `${own}/b`, stranger);
    expect(append(`${own}/a`)).toBe('ELOOP');
  });
});

describe.skipIf(!isRoot)('somebody who is quick', () => {
  let attacker: ChildProcess | null = null;

  afterEach(async () => {
    const ended = attacker === null ? null : once(attacker, 'exit');
    attacker?.kill('SIGKILL');
    await ended;
  });

  it('exchanges files, links and directories in vain', async () => {
    const own = makeDirectory('own', stranger);
    const precious = makeFile(inFolder('precious'), 'precious');
    const script = `
      const fs = require('node:fs');
      process.chdir(${JSON.stringify(own)});
      fs.mkdirSync('dir');
      fs.writeFileSync('dir/precious', '');
      fs.symlinkSync('..', 'way');
      fs.symlinkSync('../precious', 'link');
      fs.writeFileSync('file', '');
      process.stdout.write('ready');
      for (;;) {
        for (const [from, to] of [['file', 'kept'], ['link', 'file'], ['file', 'link'], ['kept', 'file']]) fs.renameSync(from, to);
        for (const [from, to] of [['dir', 'away'], ['way', 'dir'], ['dir', 'way'], ['away', 'dir']]) fs.renameSync(from, to);
      }`;
    attacker = spawn(process.execPath, ['-e', script], {
      uid: stranger,
      gid: stranger,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(attacker.stdout ?? attacker, 'data');
    const answers = new Set<string>();
    for (let round = 0; round < 3000; round += 1) {
      answers.add(append(`${own}/file`, friend, 0).replace(/^\++$/, 'written'));
      answers.add(append(`${own}/dir/precious`, friend, 0).replace(/^\++$/, 'written'));
    }
    expect(fs.readFileSync(precious, 'utf8')).toBe('precious');
    expect(answers).toContain('written');
    expect(answers.size).toBeGreaterThan(1);
  });
});

describe('a directory that nobody else can write', () => {
  const reason = isRoot ? null : 'needs root to have one';
  it.skipIf(reason !== null)('is used by its path, links and all', () => {
    const roots = fs.mkdtempSync('/root/sv-');
    try {
      fs.symlinkSync(roots, `${roots}/link`);
      makeFile(`${roots}/file`, 'file', other);
      const place = safePaths.at(
        `${roots}/link/../link/file`,
        { ...nobody, lastLink: 'follow' },
        (found) => found,
      );
      expect([place.path, place.openDirectory]).toEqual([`${roots}/file`, null]);
      expect(append(`${roots}/link/file`)).toBe('file+');
    } finally {
      fs.rmSync(roots, { recursive: true });
    }
  });

  it('leaves no descriptor open, as others do not', () => {
    const count = (): number => fs.readdirSync('/proc/self/fd').length;
    const before = count();
    for (const file of [inFolder('none'), '/proc/self/fd/0', '/', inFolder('none/none')]) {
      append(file, nobody, 0);
    }
    expect(count()).toBe(before);
  });
});
