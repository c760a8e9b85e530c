/**
 * Users and groups, by name or number.
 *
 * Source: Supervisor manual, `user`, `chown`, `socket_owner`; refusals by observation.
 */
import { isTrouble, troubleText } from '../looked-up.ts';
import { parseInteger } from '../python/integer.ts';
import { parsed, refused, type Parsed, type Refused } from '../python/parsed.ts';
import type { LookedUp, LookupTrouble, UserDatabase, World } from '../world.ts';
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
      if (uid.ok && gid.ok) {
        return parsed([uid.value, gid.value]);
      }
      return [uid, gid].find((id): id is Unanswered => 'isUnanswered' in id) ?? refused(refusal(value));
    },
    expected: 'user or user:group, by names or numbers of this machine',
  };
}

/** Refused because nobody can tell whether there is such a user or group. */
interface Unanswered extends Refused {
  readonly isUnanswered: true;
}

type Id = Parsed<number> | Unanswered;

function userId(value: string, users: UserDatabase): Id {
  const number = parseInteger(value);
  return number.ok
    ? takenId(number, 'user', value, users.userById(number.value))
    : idOf(value, 'user', users.userByName(value), ({ uid }) => uid);
}

function groupId(value: string, users: UserDatabase): Id {
  const number = parseInteger(value);
  return number.ok
    ? takenId(number, 'group', value, users.groupById(number.value))
    : idOf(value, 'group', users.groupByName(value), ({ gid }) => gid);
}

/** A number, which somebody has to have. */
function takenId(id: Parsed<number>, kind: Kind, value: string, holder: LookedUp<object>): Id {
  if (holder === null) {
    return refused(`Invalid ${kind} id ${value}`);
  }
  return isTrouble(holder) ? unanswered(`${kind} ${value}`, holder) : id;
}

function idOf<T extends object>(name: string, kind: Kind, found: LookedUp<T>, id: (record: T) => number): Id {
  if (found === null) {
    return refused(name.includes('\0') ? 'embedded null byte' : `Invalid ${kind} name ${name}`);
  }
  return isTrouble(found) ? unanswered(`${kind} ${name}`, found) : parsed(id(found));
}

type Kind = 'user' | 'group';

function unanswered(what: string, trouble: LookupTrouble): Unanswered {
  return { ...refused(troubleText(what, trouble)), isUnanswered: true };
}
