/** A user of this machine made for one test file, with groups, and removed with everything after it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export interface TestUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** Every group, sorted. */
  readonly groups: readonly number[];
}

const tools = ['/usr/sbin/useradd', '/usr/sbin/userdel', '/usr/sbin/groupadd', '/usr/sbin/groupdel'];

/** Why no user can be made here; null: one can. */
export const userReason: string | null =
  process.getuid?.() !== 0
    ? 'needs root to make a user'
    : tools.every((tool) => existsSync(tool))
      ? null
      : 'needs useradd and groupadd';

/** The names end in the pid of the test, so that files that run at the same time do not share them. */
function names(): { readonly user: string; readonly extra: string } {
  return { user: `sv-u${process.pid}`, extra: `sv-g${process.pid}` };
}

/** A user with a group of its own and one more. */
export function makeTestUser(): TestUser {
  const { user, extra } = names();
  execFileSync('groupadd', [extra]);
  execFileSync('useradd', [
    '--user-group',
    '--no-create-home',
    '--groups',
    extra,
    '--shell',
    '/bin/sh',
    user,
  ]);
  const id = (...args: readonly string[]): string =>
    execFileSync('id', [...args, user], { encoding: 'utf8' }).trim();
  return {
    name: user,
    uid: Number(id('-u')),
    gid: Number(id('-g')),
    groups: id('-G')
      .split(' ')
      .map(Number)
      .sort((a, b) => a - b),
  };
}

/** Also what a failed {@link makeTestUser} has left. */
export function removeTestUser(): void {
  const { user, extra } = names();
  spawnSync('userdel', ['--force', user]);
  spawnSync('groupdel', [user]);
  spawnSync('groupdel', [extra]);
}
