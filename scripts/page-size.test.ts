/** What a browser loads before it shows anything stays small. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { inRoot } from './paths.mjs';

const mostBytes = 60_000;

/** The files that a page names, and what those import at once. */
function filesOf(page: string): ReadonlySet<string> {
  const files = new Set([page]);
  for (const file of files) {
    const text = readFileSync(inRoot('dist/web', file), 'utf8');
    const named = file.endsWith('.html')
      ? text.matchAll(/(?:href|src)="([^"]+)"/g)
      : file.endsWith('.js')
        ? text.matchAll(/(?:^|[;}])import(?:[^"';(]*?from)?["']\.\/([^"']+)["']/g)
        : [];
    for (const match of named) {
      files.add(match[1] ?? '');
    }
  }
  return files;
}

describe('the dashboard', () => {
  test('is under 60 kB compressed, without the charts', () => {
    const files = filesOf('index.html');
    expect([...files]).toEqual(expect.arrayContaining(['main.js', 'main.css', 'chunk.js']));
    expect([...files]).not.toContain('usage-chart.js');
    const bytes = [...files].map((file) => gzipSync(readFileSync(inRoot('dist/web', file))).length);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(mostBytes);
  });

  test('charts are a file of their own', () => {
    expect(readFileSync(inRoot('dist/web/usage-chart.js'), 'utf8')).toContain('uplot');
    expect(readFileSync(inRoot('dist/web/main.js'), 'utf8')).toContain('import("./usage-chart.js")');
  });
});
