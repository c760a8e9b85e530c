/**
 * The filter of the overview: words that must all be found; `state:`, `group:` and `name:` look in one place only,
 * and a leading `-` turns a word around.
 */
import type { ProcessView } from '../stream/wire.ts';

type Place = 'any' | 'state' | 'group' | 'name';

interface Term {
  readonly place: Place;
  readonly word: string;
  readonly negated: boolean;
}

export type ProcessFilter = (process: ProcessView) => boolean;

/** Reads what somebody has typed so far. Never fails: anything is at least a word to look for. */
export function parseFilter(text: string): ProcessFilter {
  const terms = text
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '' && word !== '-')
    .map(parseTerm);
  return (process) => terms.every((term) => isFound(term, process) !== term.negated);
}

function parseTerm(typed: string): Term {
  const negated = typed.startsWith('-');
  const text = negated ? typed.slice(1) : typed;
  const match = /^(state|group|name):(.*)$/.exec(text);
  return match === null
    ? { place: 'any', word: text, negated }
    : { place: match[1] as Place, word: match[2] ?? '', negated };
}

function isFound({ place, word }: Term, process: ProcessView): boolean {
  switch (place) {
    case 'state':
      return word.split(',').some((state) => process.state.toLowerCase().startsWith(state));
    case 'group':
      return process.group.toLowerCase().includes(word);
    case 'name':
      return process.name.toLowerCase().includes(word);
    case 'any':
      return [process.name, process.state, process.spawnError ?? '', process.command].some((text) =>
        text.toLowerCase().includes(word),
      );
  }
}
