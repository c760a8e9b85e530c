/**
 * The part of one log that the page holds: whole lines between two offsets of the file, and bounded. It grows at its
 * end while it follows, at its beginning when somebody scrolls back, and loses whole pages at the other side.
 */
import { sgrAfter } from '../ansi/spans.ts';
import type { LogPage } from '../stream/wire.ts';
import { sortTime, splitLines, type LogLine } from './log-line.ts';

interface WindowPage {
  readonly offset: number;
  end: number;
  lines: LogLine[];
}

export interface Appended {
  readonly added: readonly LogLine[];
  /** The line that was open and has become longer. */
  readonly extended: LogLine | null;
}

/** Pages are not begun anew for every small piece. */
const linesPerPage = 500;

let nextId = 0;

export class LogWindow {
  readonly source: number;
  #pages: WindowPage[] = [];
  #carried = '';
  /** Whether the end of the window is the end of the file. */
  isAtEnd = true;

  constructor(source: number) {
    this.source = source;
  }

  /** First byte held, 0 when nothing is. */
  get start(): number {
    return this.#pages[0]?.offset ?? 0;
  }

  /** One after the last byte held. */
  get end(): number {
    return this.#pages.at(-1)?.end ?? 0;
  }

  get lines(): readonly LogLine[] {
    return this.#pages.flatMap((page) => page.lines);
  }

  get lineCount(): number {
    return this.#pages.reduce((sum, page) => sum + page.lines.length, 0);
  }

  clear(): void {
    this.#pages = [];
    this.#carried = '';
    this.isAtEnd = true;
  }

  /** Takes the text that follows the end. */
  append({ text, offset, end }: Pick<LogPage, 'text' | 'offset' | 'end'>, nowMs: number): Appended {
    const { lines, isOpen } = splitLines(text);
    const open = this.#openLine();
    let rest = lines;
    let extended: LogLine | null = null;
    if (open !== null && lines.length > 0) {
      open.text += lines[0] ?? '';
      open.isOpen = lines.length === 1 && isOpen;
      extended = open;
      rest = lines.slice(1);
    }
    const page = this.#pageToAppendTo(offset);
    const added = this.#makeLines(rest, isOpen, nowMs, this.#lastSortMs());
    page.lines.push(...added);
    page.end = end;
    return { added, extended };
  }

  /** Takes the text before the start, which ends with a whole line. */
  prepend(
    { text, offset, end }: Pick<LogPage, 'text' | 'offset' | 'end'>,
    nowMs: number,
  ): readonly LogLine[] {
    const carried = this.#carried;
    this.#carried = '';
    const lines = this.#makeLines(splitLines(text).lines, false, nowMs, 0);
    this.#carried = carried;
    this.#pages.unshift({ offset, end, lines });
    this.#raiseSortTimes();
    return lines;
  }

  /** A line of the page's own at the end. The file begins anew when `restarts`. */
  note(text: string, at: number, nowMs: number): LogLine {
    const line: LogLine = {
      id: nextId,
      source: this.source,
      text,
      isOpen: false,
      carried: '',
      sortMs: Math.max(this.#lastSortMs(), nowMs),
      isNotice: true,
    };
    nextId += 1;
    const open = this.#openLine();
    if (open !== null) {
      open.isOpen = false;
    }
    this.#carried = '';
    this.#pages.push({ offset: at, end: at, lines: [line] });
    return line;
  }

  /** Drops pages at the beginning until `excess` lines are gone, never the last page. Returns what went. */
  trimStart(excess: number): readonly LogLine[] {
    const gone: LogLine[] = [];
    while (this.#pages.length > 1 && gone.length + (this.#pages[0]?.lines.length ?? 0) <= excess) {
      gone.push(...(this.#pages.shift()?.lines ?? []));
    }
    return gone;
  }

  /** Drops pages at the end in the same way; the window is no longer at the end of the file then. */
  trimEnd(excess: number): readonly LogLine[] {
    const gone: LogLine[] = [];
    while (this.#pages.length > 1 && gone.length + (this.#pages.at(-1)?.lines.length ?? 0) <= excess) {
      gone.push(...(this.#pages.pop()?.lines ?? []));
      this.isAtEnd = false;
    }
    const open = this.#openLine();
    if (gone.length > 0 && open !== null) {
      open.isOpen = false;
    }
    return gone;
  }

  #pageToAppendTo(offset: number): WindowPage {
    const last = this.#pages.at(-1);
    if (last !== undefined && last.end === offset && last.lines.length < linesPerPage) {
      return last;
    }
    const page: WindowPage = { offset, end: offset, lines: [] };
    this.#pages.push(page);
    return page;
  }

  #openLine(): LogLine | null {
    const line = this.#pages.at(-1)?.lines.at(-1);
    return line?.isOpen === true ? line : null;
  }

  #lastSortMs(): number {
    return this.#pages.findLast((page) => page.lines.length > 0)?.lines.at(-1)?.sortMs ?? 0;
  }

  #makeLines(texts: readonly string[], isOpen: boolean, nowMs: number, previousMs: number): LogLine[] {
    let sortMs = previousMs;
    return texts.map((text, index) => {
      sortMs = sortTime(text, sortMs, nowMs);
      const line: LogLine = {
        id: nextId,
        source: this.source,
        text,
        isOpen: isOpen && index === texts.length - 1,
        carried: this.#carried,
        sortMs,
        isNotice: false,
      };
      nextId += 1;
      this.#carried = sgrAfter(this.#carried, text);
      return line;
    });
  }

  #raiseSortTimes(): void {
    let sortMs = 0;
    for (const line of this.lines) {
      sortMs = Math.max(sortMs, line.sortMs);
      line.sortMs = sortMs;
    }
  }
}

/** The lines of several windows as one list, by time where lines have one; each log keeps its own order. */
export function mergeLines(windows: readonly LogWindow[]): readonly LogLine[] {
  const [only] = windows;
  if (windows.length === 1 && only !== undefined) {
    return only.lines;
  }
  return windows.flatMap((window) => window.lines).toSorted((a, b) => a.sortMs - b.sortMs);
}
