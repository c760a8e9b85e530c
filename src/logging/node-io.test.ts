import { execFileSync } from 'node:child_process';
import fs from 'node:fs';

import { describe, expect, it } from 'vitest';

import type { Move } from './io.ts';
import { makeFifo, nodeIo, useTempDir } from './logging.fixture.ts';

const tempDir = useTempDir();

/** Makes something of each kind, under a name of its own. Devices need root. */
const makers: Readonly<Record<string, (path: string) => void>> = {
  FIFO: makeFifo,
  directory: (path) => fs.mkdirSync(path),
  'link to a device': (path) => fs.symlinkSync('/dev/null', path),
  ...(process.getuid?.() === 0
    ? { device: (path: string): void => void execFileSync('mknod', [path, 'c', '1', '3']) }
    : {}),
};

describe.each(Object.entries(makers))('a %s', (_kind, make) => {
  it('is neither removed nor moved, nor is anything moved in its place', () => {
    const path = tempDir('odd');
    make(path);
    const before = fs.lstatSync(path).ino;
    fs.writeFileSync(tempDir('file'), 'text');
    expect(nodeIo.unlink(path)).toBe('EINVAL');
    expect(nodeIo.rename([[path, tempDir('elsewhere')]])).toBe('EINVAL');
    expect(nodeIo.rename([[tempDir('file'), path]])).toBe('EINVAL');
    expect([fs.lstatSync(path).ino, fs.readdirSync(tempDir()).sort()]).toEqual([before, ['file', 'odd']]);
  });
});

describe('a regular file', () => {
  it('is moved and removed, also by a link to it; what is not there is ENOENT', () => {
    fs.writeFileSync(tempDir('a'), 'text');
    fs.symlinkSync('a', tempDir('link'));
    expect(nodeIo.rename([[tempDir('link'), tempDir('link.1')]])).toBeNull();
    expect(nodeIo.unlink(tempDir('link.1'))).toBeNull();
    expect(nodeIo.unlink(tempDir('a'))).toBeNull();
    expect(nodeIo.unlink(tempDir('a'))).toBe('ENOENT');
    expect(fs.readdirSync(tempDir())).toEqual([]);
  });

  it('is moved to a free name only, after those before it; what is not there is passed over', () => {
    ['a', 'b', 'd'].forEach((name) => fs.writeFileSync(tempDir(name), name));
    const move = (from: string, to: string): Move => [tempDir(from), tempDir(to)];
    expect(nodeIo.rename([move('b', 'c'), move('x', 'y'), move('a', 'b'), move('b', 'd')])).toBe('EEXIST');
    expect(nodeIo.rename([move('b', '../elsewhere')])).toBe('EXDEV');
    expect(['b', 'c', 'd'].map((name) => fs.readFileSync(tempDir(name), 'utf8'))).toEqual(['a', 'b', 'd']);
    expect(fs.readdirSync(tempDir()).sort()).toEqual(['b', 'c', 'd']);
    expect(nodeIo.rename([])).toBeNull();
  });
});

/** What a few are looked up by, and what many are. */
const lasts = [12, 9000];

describe.each(lasts)('the backups of a log, up to %d', (last) => {
  it('are those whose names are its own with a number', () => {
    const names = [
      'log',
      'log.1',
      'log.3',
      'log.12',
      'log.9001',
      'log.0',
      'log.04',
      'log.1e1',
      'log.7.gz',
      'xlog.5',
    ];
    names.forEach((name) => fs.writeFileSync(tempDir(name), ''));
    fs.symlinkSync('nowhere', tempDir('log.11'));
    expect(nodeIo.listNumbered(tempDir('log'), last)).toEqual(new Set([0, 1, 3, 11, 12]));
    expect(nodeIo.listNumbered(tempDir('other'), last)).toEqual(new Set());
    expect(nodeIo.listNumbered(tempDir('no-directory/log'), last)).toBe('ENOENT');
  });

  it.skipIf(process.getuid?.() !== 0)('are found in a directory that may be entered but not listed', () => {
    fs.mkdirSync(tempDir('blind'));
    fs.chmodSync(tempDir(), 0o755);
    ['log', 'log.2'].forEach((name) => fs.writeFileSync(tempDir(`blind/${name}`), ''));
    fs.chmodSync(tempDir('blind'), 0o711);
    process.seteuid?.(65534);
    try {
      expect(nodeIo.listNumbered(tempDir('blind/log'), last)).toEqual(new Set([0, 2]));
    } finally {
      process.seteuid?.(0);
    }
  });
});
