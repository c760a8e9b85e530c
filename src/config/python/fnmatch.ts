/**
 * Matching one name against one pattern: `*`, `?`, `[set]` and `[!set]`.
 *
 * Source: Python library reference, `fnmatch`.
 */

/** Makes a test for names; there is no escape character, and case matters. */
export function nameMatcher(pattern: string): (name: string) => boolean {
  const parts = parse(Array.from(pattern));
  return (name) => matches(parts, Array.from(name));
}

type Part = { readonly kind: 'star' } | { readonly kind: 'one'; readonly accepts: (char: string) => boolean };

function parse(pattern: readonly string[]): Part[] {
  const parts: Part[] = [];
  let index = 0;
  while (index < pattern.length) {
    const char = pattern[index] ?? '';
    index += 1;
    if (char === '*') {
      parts.push({ kind: 'star' });
    } else if (char === '?') {
      parts.push({ kind: 'one', accepts: () => true });
    } else {
      const end = char === '[' ? setEnd(pattern, index) : -1;
      if (end === -1) {
        parts.push({ kind: 'one', accepts: (other) => other === char });
      } else {
        parts.push({ kind: 'one', accepts: characterSet(pattern.slice(index, end)) });
        index = end + 1;
      }
    }
  }
  return parts;
}

/** Where the `]` of a set stands whose inside begins at `start`; -1 if the bracket is an ordinary character. */
function setEnd(pattern: readonly string[], start: number): number {
  let from = pattern[start] === '!' ? start + 1 : start;
  if (pattern[from] === ']') {
    from += 1;
  }
  return pattern.indexOf(']', from);
}

/**
 * Compat: ranges whose ends are the wrong way round are taken out first, and only what is left is looked at: a `!` that
 * then stands in front negates, and nothing at all matches nothing.
 */
function characterSet(inside: readonly string[]): (char: string) => boolean {
  const [first = [], ...others] = withoutEmptyRanges(chunksOf(inside));
  if (others.length === 0 && first.length === 0) {
    return () => false;
  }
  const negated = first[0] === '!';
  const members = rangesOf([negated ? first.slice(1) : first, ...others]);
  return (char) => members.some(([low, high]) => low <= codeOf(char) && codeOf(char) <= high) !== negated;
}

/** The inside split at each `-` between two characters, which makes a range of them; other `-` stand for themselves. */
function chunksOf(inside: readonly string[]): string[][] {
  const chunks: string[][] = [];
  let start = 0;
  let from = inside[0] === '!' ? 2 : 1;
  for (let hyphen = inside.indexOf('-', from); hyphen !== -1; hyphen = inside.indexOf('-', from)) {
    chunks.push(inside.slice(start, hyphen));
    start = hyphen + 1;
    from = hyphen + 3;
  }
  const rest = inside.slice(start);
  const last = chunks.at(-1);
  if (rest.length > 0 || last === undefined) {
    chunks.push(rest);
  } else {
    last.push('-');
  }
  return chunks;
}

/** Joins chunks between which the range would be empty; both of its ends go with it. */
function withoutEmptyRanges(chunks: readonly string[][]): string[][] {
  return chunks.reduceRight<string[][]>((done, chunk) => {
    const [next, ...others] = done;
    return next !== undefined && codeOf(chunk.at(-1) ?? '') > codeOf(next[0] ?? '')
      ? [[...chunk.slice(0, -1), ...next.slice(1)], ...others]
      : [chunk, ...done];
  }, []);
}

/** Every character by itself, and the range from the last of each chunk to the first of the next. */
function rangesOf(chunks: readonly (readonly string[])[]): (readonly [number, number])[] {
  return chunks.flatMap((chunk, index) => {
    const own = chunk.map((char) => [codeOf(char), codeOf(char)] as const);
    const next = chunks[index + 1]?.[0];
    // A hyphen with nothing in front stands for itself.
    return next === undefined
      ? own
      : [...own, [codeOf(chunk.at(-1) ?? '-'), codeOf(chunk.length > 0 ? next : '-')] as const];
  });
}

function codeOf(char: string): number {
  return char.codePointAt(0) ?? 0;
}

/** Greedy matching with one step back to the last star: linear for each star, never exponential. */
function matches(parts: readonly Part[], name: readonly string[]): boolean {
  let part = 0;
  let index = 0;
  let starPart = -1;
  let starIndex = 0;
  while (index < name.length) {
    const current = parts[part];
    if (current?.kind === 'star') {
      starPart = part;
      starIndex = index;
      part += 1;
    } else if (current?.accepts(name[index] ?? '') === true) {
      part += 1;
      index += 1;
    } else if (starPart !== -1) {
      part = starPart + 1;
      starIndex += 1;
      index = starIndex;
    } else {
      return false;
    }
  }
  return parts.slice(part).every((rest) => rest.kind === 'star');
}
