/**
 * One line of a configuration file: what is left of it without comments, and how far it is indented.
 *
 * A comment is a whole line that begins with `#` or `;`, or the rest of a line from a `;` or `#` behind white
 * space on, even inside quotes.
 * Source: Python library reference, `configparser`, with `inline_comment_prefixes=(';', '#')`.
 */
import { indentation, isSpaceAt, strip } from '../python/text.ts';

export interface IniLine {
  /** Without comment and surrounding blanks; empty for blank lines and comments. */
  readonly text: string;
  /** The comment with its sign; null without one, so that an empty `text` is an empty line. */
  readonly comment: string | null;
  /** White space the line begins with. */
  readonly indent: number;
}

/** Takes a line apart; `raw` still has its line end. */
export function readLine(raw: string): IniLine {
  const indent = indentation(raw);
  const first = raw[indent];
  const start = first === '#' || first === ';' ? 0 : inlineCommentStart(raw);
  return start === -1
    ? { text: strip(raw), comment: null, indent }
    : { text: strip(raw.slice(0, start)), comment: raw.slice(start), indent };
}

/**
 * Where an inline comment begins, or -1.
 *
 * Compat: the n-th `;` is judged together with the n-th `#`, and the first such pair of which one begins a
 * comment ends the search; an earlier comment sign of the other kind, further back in its own count, is
 * overlooked (`a#b# #c ;d` loses its tail from `#c` on, `##x #c ;d` only from `;d` on).
 */
function inlineCommentStart(raw: string): number {
  let semicolon = raw.indexOf(';');
  let hash = raw.indexOf('#');
  while (semicolon !== -1 || hash !== -1) {
    const starts = [semicolon, hash].filter((at) => at === 0 || (at > 0 && isSpaceAt(raw, at - 1)));
    if (starts.length > 0) {
      return Math.min(...starts);
    }
    semicolon = semicolon === -1 ? -1 : raw.indexOf(';', semicolon + 1);
    hash = hash === -1 ? -1 : raw.indexOf('#', hash + 1);
  }
  return -1;
}
