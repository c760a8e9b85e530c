import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { afterAll, expect, it } from 'vitest';

import { FileRemoval } from './file-removal.ts';

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sv-'));
afterAll(() => fs.rmSync(directory, { recursive: true }));

const tempDir = (name: string): string => path.join(directory, name);
const large = 1024 * 1024;

/** A pool that closes nothing until it is told to. */
function makePool() {
  const waiting: { readonly fd: number; readonly done: () => void }[] = [];
  const removal = new FileRemoval((fd, done) => void waiting.push({ fd, done }));
  const remove = (bytes: number): void => {
    fs.writeFileSync(tempDir('file'), Buffer.alloc(bytes));
    removal.unlink(tempDir('file'), bytes);
  };
  const closeAll = (): void => {
    for (const { fd, done } of waiting.splice(0)) {
      fs.closeSync(fd);
      done();
    }
  };
  return { removal, waiting, remove, closeAll };
}

it('takes the name of a large file at once, and leaves the freeing of its space to a thread', () => {
  const { waiting, remove, closeAll } = makePool();
  remove(large);
  expect(fs.existsSync(tempDir('file'))).toBe(false);
  expect(waiting.map(({ fd }) => fs.fstatSync(fd).size)).toEqual([large]);
  closeAll();
});

it('holds a few at most, and no small ones', () => {
  const { waiting, remove, closeAll } = makePool();
  remove(large - 1);
  expect(waiting).toHaveLength(0);
  for (let file = 0; file < 6; file += 1) {
    remove(large);
  }
  expect(waiting).toHaveLength(4);
  closeAll();
  remove(large);
  expect(waiting).toHaveLength(1);
  closeAll();
});

it('tells why a file cannot be removed, and holds it no longer', () => {
  const { removal, waiting, closeAll } = makePool();
  fs.mkdirSync(tempDir('directory'));
  expect(() => removal.unlink(tempDir('directory'), large)).toThrow(
    expect.objectContaining({ code: 'EISDIR' }),
  );
  expect(waiting).toHaveLength(1);
  closeAll();
  expect(() => removal.unlink(tempDir('nothing'), large)).toThrow(
    expect.objectContaining({ code: 'ENOENT' }),
  );
  expect(waiting).toHaveLength(0);
});
