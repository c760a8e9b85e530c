import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isStale } from './freshness.mjs';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sv-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Writes a file with a modification time in seconds. */
function write(name: string, timeSecs: number): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, '');
  utimesSync(file, timeSecs, timeSecs);
  return file;
}

describe('isStale', () => {
  it('compares the oldest output with the newest input, at any depth', () => {
    const outputs = [write('out/a', 100), write('out/b', 200)];
    write('in/deep/x', 90);
    expect(isStale(outputs, [path.join(folder, 'in')])).toBe(false);
    write('in/deep/y', 101);
    expect(isStale(outputs, [path.join(folder, 'in')])).toBe(true);
  });

  it('is true for a missing output, and does not mind a missing input', () => {
    expect(isStale([path.join(folder, 'none')], [])).toBe(true);
    expect(isStale([write('out', 100)], [path.join(folder, 'none')])).toBe(false);
  });
});
