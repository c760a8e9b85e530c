/** The users and groups of this machine as a configuration asks for them, by way of the addon. */
import type { LookedUp, UserDatabase } from '../config/world.ts';
import type { Binding } from '../native/binding.ts';
import { lookupTrouble } from '../system/lookup-trouble.ts';

type Lookups = Pick<Binding, 'userByName' | 'userById' | 'groupByName' | 'groupById'>;

/**
 * Each is asked for once for as long as this is used, which is one reading of a configuration: thousands of programs may
 * name the same user. Waits for the name service.
 */
export function nativeUsers(binding: Lookups): UserDatabase {
  return {
    userByName: once((name: string) => (name.includes('\0') ? null : binding.userByName(name))),
    userById: once((uid: number) => binding.userById(uid)),
    groupByName: once((name: string) => (name.includes('\0') ? null : binding.groupByName(name))),
    groupById: once((gid: number) => binding.groupById(gid)),
  };
}

function once<K, T extends object>(ask: (key: K) => T | null | number): (key: K) => LookedUp<T> {
  const answers = new Map<K, LookedUp<T>>();
  return (key) => {
    const known = answers.get(key);
    if (known !== undefined) {
      return known;
    }
    const answer = ask(key);
    const lookedUp = typeof answer === 'number' ? { trouble: lookupTrouble(-answer) } : answer;
    answers.set(key, lookedUp);
    return lookedUp;
  };
}
