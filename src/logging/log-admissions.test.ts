import { expect, it } from 'vitest';

import { LogAdmissions } from './log-admissions.ts';

const none: readonly number[] = [];

it('is for a path and its backups, as long as any of those who asked for it wants it', () => {
  const admissions = new LogAdmissions();
  const friends = (file: string): readonly number[] => [...admissions.of(file).friends];
  const [first, second] = [admissions.admit('/var/a.log', 7, none), admissions.admit('/var/a.log', 7, none)];
  admissions.admit('/var/a.log', null, none);
  first();
  first();
  expect(
    ['/var/a.log', '/var/./a.log', '/var/a.log.3', '/var/a.log.~', '/var/a.log.old', '/var/b.log'].map(
      friends,
    ),
  ).toEqual([[7], [7], [7], [7], [], []]);
  second();
  expect(friends('/var/a.log')).toEqual([]);
});

it('believes the links that were found, for what is in a directory too', () => {
  const admissions = new LogAdmissions();
  const release = admissions.admit('/var/logs', null, [1, 2]);
  admissions.admit('/var/logs/a.log', null, [1, 3]);
  expect(admissions.of('/var/logs/a.log').links).toEqual([1, 3, 1, 2]);
  expect(admissions.of('/var/logs/b.log').links).toEqual([1, 2]);
  expect(admissions.of('/var/other/a.log').links).toEqual([]);
  release();
  expect(admissions.of('/var/logs/a.log').links).toEqual([1, 3]);
});
