/**
 * Expansion of `%(name)s` in values (B2).
 *
 * Source: Supervisor manual, "String Expansions"; error texts by observation.
 */
import { formatWithNames } from './python/format.ts';
import type { Names } from './python/format-names.ts';
import { parsed, type Parsed } from './python/parsed.ts';
import { repr } from './python/repr.ts';
import { closest } from './suggestion.ts';

export type Expanded = Parsed<string> | UnknownName;

/** A name that is not known here; told apart since its message ends without the section. */
export interface UnknownName {
  readonly ok: false;
  readonly message: string;
  readonly unknown: string;
  /** A known name that looks like it. */
  readonly suggestion: string | null;
}

/**
 * Expands `format`; `label` is what the original calls it in messages.
 *
 * The original appends a list of all names to the message about an unknown one, which tells every environment
 * variable; here only the one that looks most like it is suggested.
 */
export function expand(format: string, names: () => Names, label: string): Expanded {
  const result = formatWithNames(format, names);
  if (result.ok) {
    return parsed(result.value);
  }
  const what = `Format string ${repr(format)} for ${repr(label)}`;
  if (result.kind === 'malformed') {
    return { ok: false, message: `${what} is badly formatted: ${result.message}` };
  }
  return {
    ok: false,
    message: `${what} contains names (${repr(result.name)}) which cannot be expanded.`,
    unknown: result.name,
    suggestion: closest(result.name, names().keys()),
  };
}

/** Every environment variable as `ENV_name`. */
export function environmentNames(variables: Iterable<readonly [string, string]>): Map<string, string> {
  return new Map(Array.from(variables, ([name, value]) => [`ENV_${name}`, value]));
}
