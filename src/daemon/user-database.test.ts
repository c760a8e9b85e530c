import os from 'node:os';
import { expect, it } from 'vitest';
import { nativeUsers } from './user-database.ts';

const { EMFILE, ERANGE } = os.constants.errno;
const web = { name: 'web', uid: 33, gid: 33, home: '/var/www' };

it('asks once for each name and number, also for those that are not there and those that cannot be told', () => {
  const asked: (string | number)[] = [];
  const told = <T>(key: string | number, answer: T): T => {
    asked.push(key);
    return answer;
  };
  const users = nativeUsers({
    userByName: (name) => told(name, name === 'web' ? web : null),
    userById: (uid) => told(uid, -EMFILE),
    groupByName: (name) => told(name, -ERANGE),
    groupById: (gid) => told(gid, null),
  });
  for (const _turn of [1, 2]) {
    expect(users.userByName('web')).toEqual(web);
    expect(users.userByName('nosuch')).toBeNull();
    expect(users.userById(33)).toEqual({ trouble: 'EMFILE' });
    expect(users.groupByName('large')).toEqual({ trouble: 'its entry takes more than 1 MiB' });
    expect(users.groupById(4)).toBeNull();
  }
  expect(asked).toEqual(['web', 'nosuch', 33, 'large', 4]);
});

it('asks nobody for a name that no system call could take', () => {
  const never = (): never => {
    throw new Error('asked');
  };
  const users = nativeUsers({ userByName: never, userById: never, groupByName: never, groupById: never });
  expect([users.userByName('a\0'), users.groupByName('a\0')]).toEqual([null, null]);
});
