import type { Stats } from 'node:fs';

import { expect, it } from 'vitest';

import { LogAdmissions } from './log-admissions.ts';

const link = { dev: 1, ino: 2 } as Stats;
const otherLink = { dev: 1, ino: 3 } as Stats;
const none = (): void => undefined;

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
  const release = admissions.admit('/var/logs', null, (isBelieved) => expect(isBelieved(link)).toBe(true));
  const { isBelieved } = admissions.of('/var/logs/a.log');
  expect([isBelieved(link), isBelieved(otherLink)]).toEqual([true, false]);
  expect(admissions.of('/var/other/a.log').isBelieved(link)).toBe(false);
  release();
  expect(admissions.of('/var/logs/a.log').isBelieved(link)).toBe(false);
});
