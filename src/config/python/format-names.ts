/** The dictionary of a format: names in the order they were put in, with text or whole numbers. */
import { repr } from './repr.ts';

export type NameValue = string | bigint;

export type Names = ReadonlyMap<string, NameValue>;

/** `repr()` of the dictionary. */
export function reprNames(names: Names): string {
  const entries = Array.from(
    names,
    ([name, value]) => `${repr(name)}: ${typeof value === 'string' ? repr(value) : String(value)}`,
  );
  return `{${entries.join(', ')}}`;
}
