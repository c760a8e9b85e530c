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

it('is waited for until its links are known, by all who come to the path, in their order', () => {
  const admissions = new LogAdmissions();
  const told: string[] = [];
  const ask = (file: string, who: string): void =>
    admissions.whenKnown(file, () => void told.push(`${who} ${admissions.of(file).links.join()}`));
  const directory = admissions.expect('/var/logs', null);
  const first = admissions.expect('/var/logs/a.log', 7);
  const second = admissions.expect('/var/logs/a.log', 8);
  ask('/var/logs/a.log', 'one');
  ask('/var/logs/a.log.3', 'backup');
  ask('/var/logs/b.log', 'neighbour');
  ask('/var/b.log', 'other');
  expect(told.splice(0)).toEqual(['other ']);
  first.release();
  second.learn([1, 2]);
  ask('/var/logs/a.log', 'two');
  directory.learn([3, 4]);
  expect(told.splice(0)).toEqual(['neighbour 3,4']);
  expect([...admissions.of('/var/logs/a.log').friends]).toEqual([7, 8]);
  first.learn([5, 6]);
  expect(told.splice(0)).toEqual(['one 1,2,3,4', 'backup 1,2,3,4', 'two 1,2,3,4']);
  expect([...admissions.of('/var/logs/a.log').friends]).toEqual([8]);
  ask('/var/logs/a.log', 'three');
  second.release();
  expect([told, [...admissions.of('/var/logs/a.log').friends]]).toEqual([['three 1,2,3,4'], []]);
});
