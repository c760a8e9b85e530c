import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { directoriesOnTheWay } from './path-directories.ts';

describe('directoriesOnTheWay', () => {
  let directory: string;

  beforeEach(() => {
    directory = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'sv-')));
    mkdirSync(path.join(directory, 'a', 'b'), { recursive: true });
    mkdirSync(path.join(directory, 'c'));
    writeFileSync(path.join(directory, 'a', 'b', 'file'), '');
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  /** The directories behind those that lead to the folder of the test. */
  function passed(...names: readonly string[]): readonly number[] {
    const before = directory.split('/').length;
    return directoriesOnTheWay(path.join(directory, ...names))
      .slice(before)
      .map(({ ino }) => ino);
  }

  const inode = (...names: readonly string[]): number => statSync(path.join(directory, ...names)).ino;

  it('begins with the root, and ends with a directory itself', () => {
    expect(directoriesOnTheWay('/').map(({ ino }) => ino)).toEqual([statSync('/').ino]);
    expect(passed('a', 'b', 'file')).toEqual([inode('a'), inode('a', 'b')]);
    expect(passed('a')).toEqual([inode('a')]);
  });

  it('passes what links lead through, and where they are', () => {
    symlinkSync('../a/b', path.join(directory, 'c', 'link'));
    expect(passed('c', 'link', 'file')).toEqual([inode('c'), inode(), inode('a'), inode('a', 'b')]);
    symlinkSync(path.join(directory, 'a', 'b', 'file'), path.join(directory, 'c', 'absolute'));
    expect(passed('c', 'absolute').slice(-2)).toEqual([inode('a'), inode('a', 'b')]);
  });

  it('goes up from where a link has led, as the kernel does', () => {
    symlinkSync('a/b', path.join(directory, 'link'));
    expect(directoriesOnTheWay(`${directory}/link/../../c`).at(-1)?.ino).toBe(inode('c'));
  });

  it('fails as the system does', () => {
    symlinkSync('loop', path.join(directory, 'loop'));
    expect(() => passed('loop')).toThrow('ELOOP');
    expect(() => passed('none', 'file')).toThrow('ENOENT');
    expect(() => passed('a', 'b', 'file', 'more')).toThrow('ENOTDIR');
  });
});
