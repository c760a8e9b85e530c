/**
 * Users and groups as `/etc/passwd` and `/etc/group` list them, for tools that run without the native addon.
 *
 * Directory services are not asked; the daemon uses the addon, which asks them.
 * Source: passwd(5), group(5).
 */
import { readFileSync } from 'node:fs';

import type { GroupRecord, UserDatabase, UserRecord } from './world.ts';

/** Reads both files at the first question; a file that cannot be read is empty. */
export function userFiles(passwdFile = '/etc/passwd', groupFile = '/etc/group'): UserDatabase {
  let users: readonly UserRecord[] | null = null;
  let groups: readonly GroupRecord[] | null = null;
  const allUsers = (): readonly UserRecord[] => (users ??= records(passwdFile).flatMap(userOf));
  const allGroups = (): readonly GroupRecord[] => (groups ??= records(groupFile).flatMap(groupOf));
  return {
    userByName: (name) => allUsers().find((user) => user.name === name) ?? null,
    userById: (uid) => allUsers().find((user) => user.uid === uid) ?? null,
    groupByName: (name) => allGroups().find((group) => group.name === name) ?? null,
    groupById: (gid) => allGroups().find((group) => group.gid === gid) ?? null,
  };
}

function records(file: string): string[][] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.split(':'));
  } catch {
    return [];
  }
}

function userOf([name = '', , uid = '', gid = '', , home]: readonly string[]): UserRecord[] {
  return name !== '' && isId(uid) && isId(gid) && home !== undefined
    ? [{ name, uid: Number(uid), gid: Number(gid), home }]
    : [];
}

function groupOf([name = '', , gid = '']: readonly string[]): GroupRecord[] {
  return name !== '' && isId(gid) ? [{ name, gid: Number(gid) }] : [];
}

function isId(text: string): boolean {
  return /^[0-9]+$/.test(text);
}
