/**
 * Users and groups, by name or number.
 *
 * Source: Supervisor manual, `user`, `chown`, `socket_owner`; refusals by observation.
 */
import { parseInteger } from '../python/integer.ts';
import { parsed, refused, type Parsed } from '../python/parsed.ts';
import type { UserDatabase, World } from '../world.ts';
import type { Converter } from './converter.ts';

/** A user id. */
export const user: Converter<number> = {
  parse: (value, world) => userId(value, world.users),
  expected: 'the name or number of a user of this machine',
};

/** User and group id of `user` or `user:group`; the group is -1 when it is not given. */
export type Owner = readonly [number, number];

/** `refusal` makes the message, which names the option. */
export function owner(refusal: (value: string) => string): Converter<Owner> {
  return {
    parse(value, world: World): Parsed<Owner> {
      const colon = value.indexOf(':');
      const uid = userId(colon === -1 ? value : value.slice(0, colon), world.users);
      const gid = colon === -1 ? parsed(-1) : groupId(value.slice(colon + 1), world.users);
      return uid.ok && gid.ok ? parsed([uid.value, gid.value]) : refused(refusal(value));
    },
    expected: 'user or user:group, by names or numbers of this machine',
  };
}

function userId(value: string, users: UserDatabase): Parsed<number> {
  const number = parseInteger(value);
  if (number.ok) {
    return users.userById(number.value) === null ? refused(`Invalid user id ${value}`) : number;
  }
  return idOf(value, 'user', users.userByName(value)?.uid);
}

function groupId(value: string, users: UserDatabase): Parsed<number> {
  const number = parseInteger(value);
  if (number.ok) {
    return users.groupById(number.value) === null ? refused(`Invalid group id ${value}`) : number;
  }
  return idOf(value, 'group', users.groupByName(value)?.gid);
}

function idOf(name: string, kind: 'user' | 'group', id: number | undefined): Parsed<number> {
  if (id !== undefined) {
    return parsed(id);
  }
  return refused(name.includes('\0') ? 'embedded null byte' : `Invalid ${kind} name ${name}`);
}
