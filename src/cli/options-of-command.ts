/**
 * Options among the words behind a command's name.
 *
 * Only words that a command declares are options; every other word stays what it is to the original, a name.
 */
import { words } from '../config/python/text.ts';

export interface CommandOptions {
  readonly has: (flag: string) => boolean;
  /** The word behind an option, or behind its `=`; null: the option was not given. */
  readonly value: (option: string) => string | null;
  readonly names: readonly string[];
}

export type CommandOptionsResult =
  { readonly ok: true; readonly options: CommandOptions } | { readonly ok: false; readonly problem: string };

/** @param valued options that take a value: `--timeout 5` or `--timeout=5`. */
export function takeOptions(
  argument: string,
  flags: readonly string[],
  valued: readonly string[] = [],
): CommandOptionsResult {
  const given = new Set<string>();
  const values = new Map<string, string>();
  const names: string[] = [];
  const left = [...words(argument)];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const [name = '', ...rest] = word.split('=');
    if (flags.includes(word)) {
      given.add(word);
    } else if (valued.includes(name)) {
      const value = rest.length > 0 ? rest.join('=') : left.shift();
      if (value === undefined || value === '') {
        return { ok: false, problem: `Error: ${name} requires a value` };
      }
      values.set(name, value);
    } else {
      names.push(word);
    }
  }
  return {
    ok: true,
    options: { has: (flag) => given.has(flag), value: (option) => values.get(option) ?? null, names },
  };
}
