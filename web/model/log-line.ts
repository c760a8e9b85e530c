/** Lines of logs, as the page keeps them. */
import { parseLineTime } from './log-time.ts';

export interface LogLine {
  /** Of the page, not of the log: newer lines have larger ones. */
  readonly id: number;
  /** Which of the logs shown it is of. */
  readonly source: number;
  text: string;
  /** Not ended by a newline yet: more of it may come. */
  isOpen: boolean;
  /** Styles that earlier lines left on. */
  readonly carried: string;
  /** For merging: never decreases within one log. */
  sortMs: number;
  /** Said by the page about the log (rotated, cleared, left out), not by the program. */
  readonly isNotice: boolean;
}

/** Lines of a text; the last is open unless the text ends with a newline. */
export function splitLines(text: string): { readonly lines: readonly string[]; readonly isOpen: boolean } {
  if (text === '') {
    return { lines: [], isOpen: false };
  }
  const lines = text.split('\n');
  const isOpen = lines.at(-1) !== '';
  if (!isOpen) {
    lines.pop();
  }
  return { lines, isOpen };
}

/** The time to merge a line by: its own, or that of what stands before it. */
export function sortTime(text: string, previousMs: number, nowMs: number): number {
  return Math.max(previousMs, parseLineTime(text, nowMs) ?? previousMs);
}

/** A piece from the middle of a file begins with the rest of a line. */
export function withoutFirstLine<T extends { readonly text: string; readonly offset: number }>(page: T): T {
  const cut = page.text.indexOf('\n') + 1;
  const bytes = new TextEncoder().encode(page.text.slice(0, cut)).length;
  return { ...page, text: page.text.slice(cut), offset: page.offset + bytes };
}
