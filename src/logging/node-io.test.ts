import { execFileSync } from 'node:child_process';
import fs from 'node:fs';

import { describe, expect, it } from 'vitest';

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
    expect(nodeIo.rename(path, tempDir('elsewhere'))).toBe('EINVAL');
    expect(nodeIo.rename(tempDir('file'), path)).toBe('EINVAL');
    expect([fs.lstatSync(path).ino, fs.readdirSync(tempDir()).sort()]).toEqual([before, ['file', 'odd']]);
  });
});

describe('a regular file', () => {
  it('is moved and removed, also by a link to it; what is not there is ENOENT', () => {
    fs.writeFileSync(tempDir('a'), 'text');
    fs.symlinkSync('a', tempDir('link'));
    expect(nodeIo.rename(tempDir('link'), tempDir('link.1'))).toBeNull();
    expect(nodeIo.unlink(tempDir('link.1'))).toBeNull();
    expect(nodeIo.unlink(tempDir('a'))).toBeNull();
    expect(nodeIo.unlink(tempDir('a'))).toBe('ENOENT');
    expect(nodeIo.rename(tempDir('a'), tempDir('b'))).toBe('ENOENT');
    expect(fs.readdirSync(tempDir())).toEqual([]);
  });
});
