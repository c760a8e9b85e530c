/** Looking for a text or an expression in lines. */

export interface Matcher {
  /** Character ranges of every place found, in order, not empty. */
  ranges(text: string): readonly (readonly [start: number, end: number])[];
  isIn(text: string): boolean;
}

export type MatcherResult =
  { readonly ok: true; readonly matcher: Matcher | null } | { readonly ok: false; readonly problem: string };

/** Enough to see; a line of a megabyte of `a` searched for `a` is no use to anybody. */
const mostRanges = 200;

/**
 * Null for an empty query. A plain query is found in either case, unless it has capital letters.
 */
export function makeMatcher(query: string, isExpression: boolean): MatcherResult {
  if (query === '') {
    return { ok: true, matcher: null };
  }
  const flags = query === query.toLowerCase() ? 'gi' : 'g';
  try {
    const pattern = new RegExp(isExpression ? query : query.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), flags);
    return { ok: true, matcher: matcherOf(pattern) };
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : 'not a regular expression' };
  }
}

function matcherOf(pattern: RegExp): Matcher {
  return {
    isIn: (text) => {
      pattern.lastIndex = 0;
      return pattern.test(text);
    },
    ranges: (text) => {
      const found: (readonly [number, number])[] = [];
      for (const match of text.matchAll(pattern)) {
        if (match[0] !== '') {
          found.push([match.index, match.index + match[0].length]);
        }
        if (found.length >= mostRanges) {
          break;
        }
      }
      return found;
    },
  };
}

interface Piece {
  readonly text: string;
}

/** Cuts spans at the borders of ranges over their whole text, and says of each piece whether it is in one. */
export function cutAtRanges<T extends Piece>(
  spans: readonly T[],
  ranges: readonly (readonly [number, number])[],
): readonly { readonly span: T; readonly text: string; readonly isMarked: boolean }[] {
  const pieces: { span: T; text: string; isMarked: boolean }[] = [];
  let at = 0;
  let next = 0;
  for (const span of spans) {
    const end = at + span.text.length;
    let from = at;
    while (from < end) {
      while ((ranges[next]?.[1] ?? Infinity) <= from) {
        next += 1;
      }
      const [start, stop] = ranges[next] ?? [Infinity, Infinity];
      const isMarked = start <= from;
      const to = Math.min(end, isMarked ? stop : start);
      pieces.push({ span, text: span.text.slice(from - at, to - at), isMarked });
      from = to;
    }
    at = end;
  }
  return pieces;
}
