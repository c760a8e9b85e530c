/**
 * Splitting text into words as Python's `shlex` does in its POSIX mode.
 *
 * Source: Python library reference, `shlex`, "Parsing Rules"; error texts by observation.
 */
import { parsed, refused, type Parsed } from './parsed.ts';

interface LexerRules {
  /** Whether a character belongs to a word; one that does not, nor means anything else, is a token by itself. */
  readonly isWordCharacter: (char: string) => boolean;
  /** `#` to the end of the line is skipped. */
  readonly comments: boolean;
}

const whitespace = ' \t\r\n';
const asciiWord = /^[A-Za-z0-9_]$/;
const latinLetter = /^[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff]$/;
const environmentExtras = '/.+-():';

/** Splits a command line into words; quotes and backslashes as in a shell, nothing else is special. */
export function splitCommand(command: string): Parsed<string[]> {
  return tokens(command, { isWordCharacter: () => true, comments: false });
}

/** Tokens of an `environment=` value: words, quoted pieces joined to them, and single other characters. */
export function environmentTokens(text: string): Parsed<string[]> {
  return tokens(text, {
    isWordCharacter: (char) =>
      asciiWord.test(char) || latinLetter.test(char) || environmentExtras.includes(char),
    comments: true,
  });
}

/** `blank`: between tokens; `word`: inside one; `quote`: inside quotes; `escape`: behind a backslash. */
type State =
  | { readonly at: 'blank' | 'word' }
  | { readonly at: 'quote'; readonly mark: string }
  | { readonly at: 'escape'; readonly inside: string | null };

function tokens(text: string, rules: LexerRules): Parsed<string[]> {
  const found: string[] = [];
  let state = { at: 'blank' } as State;
  /** Null while no token has begun; the empty text once a quote has been opened. */
  let token: string | null = null;

  const finish = (): void => {
    if (token !== null) {
      found.push(token);
      token = null;
    }
    state = { at: 'blank' };
  };

  const chars = Array.from(text);
  for (let index = 0; index < chars.length; index += 1) {
    const char = chars[index] ?? '';
    const current: State = state;
    switch (current.at) {
      case 'quote':
        if (char === current.mark) {
          state = { at: 'word' };
        } else if (char === '\\' && current.mark === '"') {
          state = { at: 'escape', inside: current.mark };
        } else {
          token = (token ?? '') + char;
        }
        break;
      case 'escape': {
        const literal: boolean = current.inside !== null && char !== '\\' && char !== current.inside;
        token = (token ?? '') + (literal ? `\\${char}` : char);
        state = current.inside === null ? { at: 'word' } : { at: 'quote', mark: current.inside };
        break;
      }
      case 'blank':
      case 'word':
        if (whitespace.includes(char)) {
          finish();
        } else if (rules.comments && char === '#') {
          const lineEnd = chars.indexOf('\n', index);
          index = lineEnd === -1 ? chars.length : lineEnd;
          finish();
        } else if (char === '\\') {
          state = { at: 'escape', inside: null };
        } else if (char === "'" || char === '"') {
          token ??= '';
          state = { at: 'quote', mark: char };
        } else if (rules.isWordCharacter(char)) {
          token = (token ?? '') + char;
          state = { at: 'word' };
        } else {
          finish();
          found.push(char);
        }
        break;
      default:
        current satisfies never;
    }
  }

  const last: State = state;
  if (last.at === 'quote') {
    return refused('No closing quotation');
  }
  if (last.at === 'escape') {
    return refused('No escaped character');
  }
  finish();
  return parsed(found);
}
