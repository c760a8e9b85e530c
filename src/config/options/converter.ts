/**
 * From the text of an option to its value: one small converter for each kind of value.
 *
 * Refusals are worded as the original words them; `expected` says in our words what would have been right.
 * Source: Supervisor manual, "Configuration File"; refusals by observation.
 */
import type { Parsed } from '../python/parsed.ts';
import type { World } from '../world.ts';

export interface Converter<T> {
  /** `text` is expanded already. */
  readonly parse: (text: string, world: World) => Parsed<T>;
  /** What the option takes, to follow "expected". */
  readonly expected: string;
  /** For whole numbers: the value where `parse` has to round it. */
  readonly exact?: (text: string) => Parsed<bigint>;
}
