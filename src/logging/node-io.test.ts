import fs from 'node:fs';

import { describe, expect, it } from 'vitest';

import { nodeIo, oddMakers, useTempDir } from './logging.fixture.ts';

const tempDir = useTempDir();

describe.each(Object.entries(oddMakers))('a %s', (_kind, make) => {
  it('is not removed', () => {
    const path = tempDir('odd');
    make(path);
    const before = fs.lstatSync(path).ino;
    expect(nodeIo.unlink(path)).toBe('EINVAL');
    expect([fs.lstatSync(path).ino, fs.readdirSync(tempDir())]).toEqual([before, ['odd']]);
  });
});

describe('a regular file', () => {
  it('is removed, also a link to it; what is not there is ENOENT', () => {
    fs.writeFileSync(tempDir('a'), 'text');
    fs.symlinkSync('a', tempDir('link'));
    expect(nodeIo.unlink(tempDir('link'))).toBeNull();
    expect(nodeIo.unlink(tempDir('a'))).toBeNull();
    expect(nodeIo.unlink(tempDir('a'))).toBe('ENOENT');
    expect(fs.readdirSync(tempDir())).toEqual([]);
  });
});
