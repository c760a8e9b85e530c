import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Probe } from './probe/run-probe.fixture.ts';

let probe: Probe;
let folder = '';

beforeAll(async () => {
  probe = await Probe.create();
});

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sv-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

afterAll(() => {
  probe.dispose();
});

describe('file jobs', () => {
  it('of many logs, all at once, leave the files that they should', async () => {
    const { outcomes } = await probe.run<{ outcomes: string[] }>('fileJobs', folder);
    expect(outcomes).toEqual(['done']);
    const names = readdirSync(folder);
    expect(names.filter((name) => name.includes('~'))).toEqual([]);
    expect(names.filter((name) => /^log\d+$/.test(name))).toHaveLength(20);
    expect(names).toContain('log0.200');
  });

  it('for one path are carried out in the order they were asked for', async () => {
    expect(await probe.run('orderOfJobs', folder)).toEqual([
      'failedENOENT',
      'done',
      'done',
      'failedENOENT',
      'done',
      'done',
      'done',
    ]);
  });

  it('are refused where they are wrong, and fail without descriptors', async () => {
    expect(await probe.run('wrongJobs', folder)).toEqual({
      wrong: [
        'cannot use the request: expected a kind that there is, and no number below 0',
        'cannot use links: expected an array of devices and inodes in turn',
        'cannot use friends: expected an id from 0 to 4294967294',
        'cannot use path: expected no NUL character in it',
        'cannot use block: expected the handle that blockMake returned',
        '-22',
        'cannot use bytes: expected an integer',
      ],
      answers: ['failedEMFILE', 'failedEMFILE'],
      closed: 'true EBADF',
    });
  });

  it('know what stands for a descriptor, make files and list directories', async () => {
    const names = ['out', 'up', 'far', 'full', 'deep', 'round', 'high', 'made'];
    const listed = [...names, ...Array.from({ length: 9 }, (_, count) => `chain${count}`)];
    expect(await probe.run('descriptorsAndDirectories', folder)).toEqual({
      within: [1, 7, 5, 1, -1, -1, -1, 2, -1, -1],
      words: [-1, -1, -1, -1, -1, -1, -1],
      jobs: 1,
      made: ['done', 'failedEEXIST', 'failedELOOP', 'failedENOENT'],
      lists: [`${listed.join('\0').length + 1}`, 'ENOENT0'],
    });
  });

  it('keep no process from ending', async () => {
    expect(await probe.run('endWithJobs', folder)).toBe(true);
  });
});

describe('a walk', () => {
  it('ends where links lead round, too often or too far', async () => {
    const { walked, errnos } = await probe.run<{ walked: unknown[]; errnos: number[] }>('walks', folder);
    const [round, tooLong, missing] = errnos;
    expect(walked).toEqual([round, 'way', round, tooLong, missing, missing]);
  });
});
