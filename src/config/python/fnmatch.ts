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

function characterSet(inside: readonly string[]): (char: string) => boolean {
  const negated = inside[0] === '!';
  const members = rangesOf(negated ? inside.slice(1) : inside);
  return (char) => {
    const code = char.codePointAt(0) ?? 0;
    return members.some(([low, high]) => low <= code && code <= high) !== negated;
  };
}

/** A `-` between two characters makes a range; one whose ends are the wrong way round is empty. */
function rangesOf(inside: readonly string[]): (readonly [number, number])[] {
  const ranges: (readonly [number, number])[] = [];
  let index = 0;
  while (index < inside.length) {
    const low = inside[index]?.codePointAt(0) ?? 0;
    const high = inside[index + 1] === '-' ? inside[index + 2]?.codePointAt(0) : undefined;
    ranges.push([low, high ?? low]);
    index += high === undefined ? 1 : 3;
  }
  return ranges;
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
