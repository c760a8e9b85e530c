import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { AwaitedFiles } from './awaited-files.fixture.ts';
import { useTempDir } from './logging.fixture.ts';

const stranger = 65534;
const other = 65533;
const isRoot = process.getuid?.() === 0;
const tempDir = useTempDir();
let files = new AwaitedFiles();

beforeEach(() => {
  files = new AwaitedFiles();
  fs.chmodSync(tempDir(), 0o755);
});

afterEach(() => files.closeAll());

function makeDirectory(name: string, uid: number, mode = 0o755): string {
  fs.mkdirSync(tempDir(name));
  fs.chmodSync(tempDir(name), mode);
  fs.chownSync(tempDir(name), uid, uid);
  return tempDir(name);
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

/** Takes the files of a user at a path, and the links of root that are given. */
function admit(file: string, uid: number | null, links: readonly string[] = []): () => void {
  const known = links.map((link) => fs.lstatSync(link)).flatMap(({ dev, ino }) => [dev, ino]);
  return files.admissions.admit(file, uid, known);
}

/** Appends `+` and tells what the file holds then, or why it was not opened. */
async function append(file: string): Promise<string> {
  const opened = await files.open(file);
  if (typeof opened === 'string') {
    return opened;
  }
  fs.writeSync(opened.fd.number, '+');
  return fs.readFileSync(`/proc/self/fd/${opened.fd.number}`, 'utf8');
}

describe.skipIf(!isRoot)('a log in a directory that others can write (needs root)', () => {
  it('is taken when it is of root, of whose directory it is or of a friend, and has no other name', async () => {
    const directory = makeDirectory('d', stranger);
    const shared = makeDirectory('shared', 0, 0o1777);
    makeFile(`${directory}/root`, 'root');
    makeFile(`${directory}/owner`, 'owner', stranger);
    makeFile(`${directory}/other`, 'other', other);
    makeFile(`${directory}/linked`, 'linked');
    fs.linkSync(`${directory}/linked`, tempDir('elsewhere'));
    makeFile(`${shared}/friend`, 'friend', stranger);
    const answers = [];
    for (const name of ['root', 'owner', 'other', 'linked', 'new']) {
      answers.push(await append(`${directory}/${name}`));
    }
    expect(answers).toEqual([
      'root+',
      'owner+',
      `others can write its directory, and it belongs to user ${other}`,
      'others can write its directory, and it is a file with another name elsewhere',
      '+',
    ]);
    const refused = `others can write its directory, and it belongs to user ${stranger}`;
    expect(await append(`${shared}/friend`)).toBe(refused);
    const end = admit(`${shared}/friend`, stranger);
    expect(await append(`${shared}/friend`)).toBe('friend+');
    end();
    expect(await append(`${shared}/friend`)).toBe(refused);
  });

  it('is neither read, moved, removed nor emptied where it is not taken', async () => {
    const directory = makeDirectory('d', stranger);
    const strange = makeFile(`${directory}/strange`, 'strange', other);
    const own = makeFile(tempDir('own'), 'own');
    const why = `others can write its directory, and it belongs to user ${other}`;
    expect([
      await files.remove(strange),
      await files.clear(strange),
      await files.shift(strange, 3, own),
      await files.shift(strange, 0, own),
      await files.read(strange, 0, 9),
    ]).toEqual([why, { outcome: 'kept', why }, `kept: ${why}`, `misplaced: ${why}`, { why, isThere: true }]);
    expect(fs.readFileSync(strange, 'utf8')).toBe('strange');
    const log = makeFile(`${directory}/log`, 'log');
    makeFile(`${log}.1`, 'not ours', other);
    expect(await files.shift(log, 3)).toBe(`kept: ${why}`);
    expect(fs.readdirSync(directory).toSorted()).toEqual(['log', 'log.1', 'strange']);
    admit(log, other);
    expect(await files.shift(log, 3)).toBe('rotated');
    expect(fs.readFileSync(`${log}.2`, 'utf8')).toBe('not ours');
  });

  it('is never waited for', async () => {
    const directory = makeDirectory('d', stranger);
    execFileSync('mkfifo', [`${directory}/fifo`]);
    expect(await files.open(`${directory}/fifo`)).toMatchObject({ facts: { kind: 'fifo' } });
  });
});

describe.skipIf(!isRoot)('a link (needs root)', () => {
  it('of root is followed where nobody can have moved it, or it is known', async () => {
    const [shared, owned] = [makeDirectory('shared', 0, 0o1777), makeDirectory('owned', stranger)];
    makeFile(tempDir('target'), 'target');
    makeLink('target', tempDir('link'), 0);
    [shared, owned].forEach((directory) => makeLink('../target', `${directory}/link`, 0));
    expect([await append(tempDir('link')), await append(`${shared}/link`)]).toEqual(['target+', 'target++']);
    expect(await append(`${owned}/link`)).toBe(
      'whoever can write its directory has put a link in its path, which leads to what is not theirs',
    );
    admit(`${owned}/link`, null, [`${owned}/link`]);
    expect(await append(`${owned}/link`)).toBe('target+++');
  });

  it('of root that is there when the path is admitted is followed from then on, until that ends', async () => {
    const [owned, friend] = [makeDirectory('owned', stranger), 65533];
    makeFile(tempDir('target'), 'target');
    makeFile(tempDir('precious'), 'precious');
    makeLink('../target', `${owned}/link`, 0);
    makeLink('../precious', `${owned}/other`, 0);
    const release = files.files.admit(`${owned}/link`, null);
    expect(await append(`${owned}/link`)).toBe('target+');
    fs.renameSync(`${owned}/other`, `${owned}/link`);
    expect(await append(`${owned}/link`)).toContain('has put a link in its path');
    fs.rmSync(`${owned}/link`);
    makeFile(`${owned}/friends`, 'text', friend);
    const releaseFriend = files.files.admit(`${owned}/friends`, friend);
    expect(await append(`${owned}/friends`)).toBe('text+');
    releaseFriend();
    release();
    expect(await append(`${owned}/friends`)).toContain(`it belongs to user ${friend}`);
  });

  it('of others leads from where they may to what is theirs, and to devices for all', async () => {
    const own = makeDirectory('own', stranger);
    makeFile(tempDir('root'), 'root');
    makeFile(`${own}/log`, 'own', stranger);
    const leads = async (target: string): Promise<string> => {
      makeLink(target, `${own}/link`, stranger);
      const answer = await append(`${own}/link`);
      fs.rmSync(`${own}/link`);
      return answer;
    };
    const refused = `user ${stranger} has put a link in its path, which leads to what is not theirs`;
    expect([
      await leads(`${own}/log`),
      await leads(tempDir('root')),
      await leads('/dev/null'),
      await leads('/proc/self/fd/1'),
      await leads('/proc/self/fd/7'),
    ]).toEqual(['own+', refused, '', 'descriptor 1', refused]);
  });

  it('that leads round ends', async () => {
    const own = makeDirectory('own', stranger);
    makeLink('b', `${own}/a`, stranger);
    makeLink('a', `${own}/b`, stranger);
    expect(await append(`${own}/a`)).toBe('ELOOP');
  });
});

describe.skipIf(!isRoot)('somebody who is quick (needs root)', () => {
  let attacker: ChildProcess | null = null;

  afterEach(async () => {
    const ended = attacker === null ? null : once(attacker, 'exit');
    attacker?.kill('SIGKILL');
    await ended;
  });

  it('exchanges files, links and directories in vain', async () => {
    const own = makeDirectory('own', stranger);
    const precious = makeFile(tempDir('precious'), 'precious');
    makeFile(tempDir('precious.1'), 'older');
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
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(attacker.stdout ?? attacker, 'data');
    admit(own, stranger);
    const answers = new Set<string>();
    for (let round = 0; round < 1000; round += 1) {
      answers.add((await append(`${own}/file`)).replace(/^\++$/, 'written'));
      answers.add((await append(`${own}/dir/precious`)).replace(/^\++$/, 'written'));
      await files.remove(`${own}/dir/precious.1`);
      files.closeAll();
    }
    expect([fs.readFileSync(precious, 'utf8'), fs.readFileSync(`${precious}.1`, 'utf8')]).toEqual([
      'precious',
      'older',
    ]);
    expect(answers).toContain('written');
    expect(answers.size).toBeGreaterThan(1);
  }, 30_000);
});

it('leaves no descriptor open where a path is refused', async () => {
  const count = (): number => fs.readdirSync('/proc/self/fd').length;
  await append(tempDir('log'));
  files.closeAll();
  const before = count();
  for (const file of [tempDir('none/none'), '/', tempDir('log/log'), '/dev/null/x']) {
    await append(file);
    await files.read(file, 0, 1);
    await files.remove(file);
  }
  expect(count()).toBeLessThanOrEqual(before);
});
