import fs from 'node:fs';

import { afterEach, describe, expect, it } from 'vitest';

import { type HangingMount, mountHanging, reasonAgainstHanging } from '../../test/helpers/hanging-mount.ts';
import { loadBinding } from '../native/index.ts';
import { AwaitedFiles } from './awaited-files.fixture.ts';
import { until, useTempDir } from './logging.fixture.ts';

const tempDir = useTempDir();
const files = new AwaitedFiles();
const mounts: HangingMount[] = [];

afterEach(async () => {
  mounts.splice(0).forEach(({ end }) => end());
  files.closeAll();
  await until(() => loadBinding().jobThreads() <= 1);
});

function hanging(name: string): string {
  const mount = mountHanging(tempDir(name));
  if (mount === null) {
    throw new Error('cannot mount');
  }
  mounts.push(mount);
  return tempDir(name);
}

const reason = reasonAgainstHanging();
const title = `a file system that hangs${reason === null ? '' : ` (${reason})`}`;

describe.skipIf(reason !== null)(title, () => {
  it('holds up two threads, and nothing but its own paths', async () => {
    const dead = hanging('dead');
    const stuck = Array.from({ length: 20 }, (_, index) => files.open(`${dead}/log${index}`));
    await until(() => files.files.blockedSince(`${dead}/log0`) !== null);
    const since = files.files.blockedSince(`${dead}/log0`);
    const log = await files.mustOpen(tempDir('log'));
    fs.writeSync(log.fd.number, 'text');
    expect(await files.rotate(tempDir('log'), log, 3)).toMatchObject({ outcome: 'rotated' });
    await until(() => loadBinding().jobThreads() === 3);
    // What is left of the rotation is done after its answer.
    await until(() => files.files.blockedSince(tempDir('log')) === null);
    expect(files.files.blockedSince(`${dead}/log0`)).toBeCloseTo(since ?? 0, 0);
    mounts.splice(0).forEach(({ end }) => end());
    const answers = await Promise.all(stuck);
    // The first two were being asked when it ended, and what is behind is the empty directory below.
    expect(answers.slice(0, 2)).toEqual(['ENOTCONN', 'ENOTCONN']);
    expect(answers.slice(2).every((answer) => typeof answer === 'object' || answer === 'ENOTCONN')).toBe(
      true,
    );
  });

  it('holds up who is to be admitted there, and nobody else', async () => {
    const dead = hanging('dead');
    files.files.admit(`${dead}/log`, 1);
    const release = files.files.admit(tempDir('log'), 1);
    const stuck = files.open(`${dead}/log`);
    await until(() => files.files.blockedSince(`${dead}/log`) !== null);
    expect((await files.mustOpen(tempDir('log'))).facts.kind).toBe('file');
    release();
    expect(loadBinding().jobThreads()).toBe(2);
    mounts.splice(0).forEach(({ end }) => end());
    expect(await stuck).toMatchObject({ facts: { kind: 'file' } });
  });

  it('in any number takes no more than 64 threads', async () => {
    const stuck = Array.from({ length: 40 }, (_, index) => {
      const dead = hanging(`dead${index}`);
      return [files.open(`${dead}/a`), files.open(`${dead}/b`)];
    }).flat();
    await until(() => loadBinding().jobThreads() === 64);
    mounts.splice(0).forEach(({ end }) => end());
    expect(await Promise.all(stuck)).toHaveLength(80);
  });
});
