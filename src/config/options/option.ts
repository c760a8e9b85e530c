/**
 * One option of one kind of section: the row from which reading, checking, the sample configuration and
 * docs/configuration.md are made.
 */
import type { Converter } from './converter.ts';

export interface Option<T> {
  readonly convert: Converter<T>;
  /** The value without the option. */
  readonly fallback: T;
  /** The default as it is documented; null for a required option. */
  readonly shownDefault: string | null;
  /** What it is for, in whole sentences. */
  readonly meaning: string;
  /** A value that the converter takes. */
  readonly example: string;
  /** Version of the original that has it first; those without a note have been there from the start. */
  readonly since: string;
}

/** What a row must say; the rest has defaults. */
interface OptionRow<T> {
  readonly convert: Converter<T>;
  readonly fallback: NoInfer<T>;
  readonly shownDefault?: string | null;
  readonly meaning: string;
  readonly example: string;
  readonly since?: string;
}

/** Makes a row; without `shownDefault` the default is shown as the fallback itself. */
export function option<T>(row: OptionRow<T>): Option<T> {
  return {
    convert: row.convert,
    fallback: row.fallback,
    shownDefault: row.shownDefault === undefined ? String(row.fallback) : row.shownDefault,
    meaning: row.meaning,
    example: row.example,
    since: row.since ?? '3.0',
  };
}

/** As {@link option}, for one that has no value unless it is given. */
export function optional<T>(
  row: Omit<OptionRow<T | null>, 'convert' | 'fallback'> & { readonly convert: Converter<T> },
): Option<T | null> {
  return option<T | null>({ shownDefault: 'none', ...row, fallback: null });
}

/** As {@link option}, for one that has to be given. */
export function required<T>(
  row: Omit<OptionRow<T | null>, 'convert' | 'fallback'> & { readonly convert: Converter<T> },
): Option<T | null> {
  return option<T | null>({ ...row, fallback: null, shownDefault: null });
}

/** A row whose type of value does not matter: for documentation and lists of names. */
export type AnyOption = Pick<Option<unknown>, 'shownDefault' | 'meaning' | 'example' | 'since'> & {
  readonly convert: Pick<Converter<unknown>, 'parse' | 'expected'>;
};
