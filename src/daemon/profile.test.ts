import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { safePaths } from '../system/safe-paths.fixture.ts';
import { withCpuProfile } from './profile.ts';

it('B12.1: writes a profile of what was done, also when it failed', async () => {
  const files: string[] = [];
  const work = withCpuProfile(
    safePaths,
    () => Promise.reject(new Error('it ended')),
    (file) => files.push(file),
  );
  await expect(work).rejects.toThrow('it ended');
  const profile = JSON.parse(readFileSync(files[0] ?? '', 'utf8')) as { readonly nodes: readonly unknown[] };
  expect(profile.nodes.length).toBeGreaterThan(0);
  rmSync(path.dirname(files[0] ?? ''), { recursive: true });
});
