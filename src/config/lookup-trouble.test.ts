import { expect, it } from 'vitest';
import { loadSettings } from './load.ts';
import { configFile, worldWith } from './world.fixture.ts';
import type { UserDatabase } from './world.ts';

const broken = (): { readonly trouble: string } => ({ trouble: 'EIO' });
const web = { name: 'web', uid: 33, gid: 44, home: '/var/www' };

/** The messages for a file, on a machine where some questions are not answered. */
function errorsOf(text: string, users: Partial<UserDatabase>): readonly string[] {
  const world = worldWith({ [configFile]: text });
  const result = loadSettings({ configFile, world: { ...world, users: { ...world.users, ...users } } });
  return result.ok ? [] : result.problems.map(({ message }) => message);
}

const program = (lines: string): string => `[supervisord]\n[program:p]\ncommand=cat\n${lines}\n`;
const fcgi = (lines: string): string =>
  `[supervisord]\n[fcgi-program:p]\ncommand=cat\nsocket=unix:///run/p\n${lines}\n`;
const server = (lines: string): string => `[supervisord]\n[unix_http_server]\nfile=/run/s\n${lines}\n`;

it.each([
  [program('user=web'), { userByName: broken }, 'cannot look up user web: EIO'],
  [program('user=33'), { userById: broken }, 'cannot look up user 33: EIO'],
  [server('chown=web'), { userByName: broken }, 'cannot look up user web: EIO'],
  [server('chown=root:web'), { groupByName: broken }, 'cannot look up group web: EIO'],
  [server('chown=0:44'), { groupById: broken }, 'cannot look up group 44: EIO'],
  [fcgi('socket_owner=web'), { userByName: broken }, 'cannot look up user web: EIO'],
  // The names are known; the owner of a socket and the group of the daemon are not.
  [fcgi('user=web'), { userByName: () => web, userById: broken }, 'cannot look up user 33: EIO'],
  ['[supervisord]\nuser=web\n', { userByName: () => web, userById: broken }, 'cannot look up user 33: EIO'],
] as const)('trouble is not taken for somebody who does not exist: %j', (text, users, message) => {
  const [first] = errorsOf(text, users);
  expect(first).toContain(message);
  expect(first).not.toContain('Invalid');
});
