/**
 * One or several logs as a list of lines that follows what is written, can be scrolled back and filtered, and never
 * holds more than a bounded number of lines.
 */
import { signal, type ReadonlySignal } from '@preact/signals';
import type { LogPiece } from '../stream/wire.ts';
import { withoutFirstLine, type LogLine } from '../model/log-line.ts';
import { findOffsetOfTime } from '../model/log-jump.ts';
import type { Matcher } from '../model/log-search.ts';
import { LogWindow, mergeLines } from '../model/log-window.ts';
import { formatBytes } from '../model/format.ts';
import { whenOpen } from './daemon.ts';
import { JobQueue } from './job-queue.ts';
import { LineList } from './line-list.ts';
import type { LogSource } from './log-source.ts';

const mostLines = 20_000;
const firstLines = 500;
const olderLines = 1000;
const pageBytes = 256 * 1024;
/** A gap larger than this is left out: nobody reads it as it passes. */
const mostMissedBytes = 2 * 1024 * 1024;

export class LogFeed {
  readonly sources: readonly LogSource[];
  readonly list = new LineList();
  /** Whether new lines are shown as they come. */
  readonly isLive = signal(true);
  /** Lines that came while it was not live, about. */
  readonly unseen = signal(0);
  readonly isAtStart = signal(false);
  /** The line that was looked for, to be brought into view. */
  readonly revealed = signal<number | null>(null);

  readonly #jobs = new JobQueue();
  readonly #windows: readonly LogWindow[];
  readonly #queue: { readonly index: number; readonly piece: LogPiece }[] = [];
  readonly #behind = new Set<number>();
  #frame: ReturnType<typeof setTimeout> | undefined;
  #disposers: (() => void)[] = [];

  constructor(sources: readonly LogSource[]) {
    this.sources = sources;
    this.#windows = sources.map((_, index) => new LogWindow(index));
  }

  /** Why something could not be read. */
  get problem(): ReadonlySignal<string | null> {
    return this.#jobs.problem;
  }

  /** Whether the end of the logs has been read. */
  get isRead(): ReadonlySignal<boolean> {
    return this.#jobs.hasEnded;
  }

  /** Reads the last lines and follows from there, until `close`. */
  open(): void {
    this.#disposers = [
      ...this.sources.map((source, index) => source.listen((piece) => this.#hear(index, piece))),
      whenOpen(() => this.#catchUpAll()),
    ];
    this.#jobs.runInBackground(() => this.#loadEnd());
  }

  close(): void {
    clearTimeout(this.#frame);
    for (const dispose of this.#disposers.splice(0)) {
      dispose();
    }
  }

  /** Shows new lines again, from what is the end now; or leaves the list as it is. */
  setLive(isLive: boolean): void {
    if (isLive === this.isLive.value) {
      return;
    }
    this.isLive.value = isLive;
    if (isLive) {
      this.unseen.value = 0;
      this.#jobs.runInBackground(() => this.#returnToEnd());
    }
  }

  /** True when there was more before. */
  loadOlder(lines: number = olderLines): Promise<boolean> {
    return this.#jobs.run(async () => {
      const windows = this.#windows.filter((window) => window.start > 0);
      if (windows.length === 0) {
        this.isAtStart.value = true;
        return false;
      }
      const nowMs = Date.now();
      const added: LogLine[] = [];
      for (const window of windows) {
        const page = await this.#source(window).readLines(lines, window.start);
        if (page.end > page.offset) {
          added.push(...window.prepend(page, nowMs));
        }
      }
      if (this.#windows.length === 1) {
        this.list.putBefore(added);
      } else {
        this.#rebuild();
      }
      if (!this.isLive.value) {
        this.#trim((window, excess) => window.trimEnd(excess));
      }
      this.isAtStart.value = this.#windows.every((window) => window.start === 0);
      return true;
    });
  }

  /** True when there was more after. Only where the end was dropped, or the list begins at a time jumped to. */
  loadNewer(): Promise<boolean> {
    return this.#jobs.run(async () => {
      const windows = this.#windows.filter((window) => !window.isAtEnd);
      const nowMs = Date.now();
      for (const window of windows) {
        const page = await this.#source(window).readAt(window.end, pageBytes);
        window.append(page, nowMs);
        window.isAtEnd = page.end >= page.size;
      }
      if (windows.length > 0) {
        this.#trim((window, excess) => window.trimStart(excess));
        this.#rebuild();
      }
      return windows.length > 0;
    });
  }

  /** Shows the lines from a time on. False when the lines have no times. */
  jumpTo(timeMs: number): Promise<boolean> {
    return this.#jobs.run(async () => {
      this.isLive.value = false;
      let isFound = false;
      const nowMs = Date.now();
      for (const window of this.#windows) {
        const source = this.#source(window);
        const { size } = await source.readAt(0, 1);
        const offset = await findOffsetOfTime(timeMs, size, (at, length) => source.readAt(at, length), nowMs);
        if (offset !== null) {
          isFound = true;
          const page = await source.readAt(offset, pageBytes);
          window.clear();
          window.append(offset === 0 ? page : withoutFirstLine(page), nowMs);
          window.isAtEnd = page.end >= page.size;
        }
      }
      if (isFound) {
        this.isAtStart.value = false;
        this.#rebuild();
        this.revealed.value = this.list.lines().find((line) => line.sortMs >= timeMs)?.id ?? null;
      }
      return isFound;
    });
  }

  search(matcher: Matcher | null, onlyMatches: boolean): void {
    this.list.look(matcher, onlyMatches);
    this.#rebuild();
  }

  #source(window: LogWindow): LogSource {
    const source = this.sources[window.source];
    if (source === undefined) {
      throw new RangeError(`no log ${window.source}`);
    }
    return source;
  }

  async #loadEnd(): Promise<void> {
    const nowMs = Date.now();
    for (const window of this.#windows) {
      const page = await this.#source(window).readLines(firstLines);
      window.clear();
      window.append(page, nowMs);
    }
    this.isAtStart.value = this.#windows.every((window) => window.start === 0);
    this.#rebuild();
  }

  async #returnToEnd(): Promise<void> {
    for (const window of this.#windows) {
      const { size } = await this.#source(window).readAt(window.end, 1);
      if (size - window.end > mostMissedBytes) {
        window.clear();
        window.append(await this.#source(window).readLines(firstLines), Date.now());
      } else {
        await this.#catchUp(window);
      }
      window.isAtEnd = true;
    }
    this.#trim((window, excess) => window.trimStart(excess));
    this.isAtStart.value = this.#windows.every((window) => window.start === 0);
    this.#rebuild();
  }

  #catchUpAll(): void {
    if (this.isLive.value && this.isRead.value) {
      for (const index of this.#windows.keys()) {
        this.#behind.add(index);
      }
      this.#flushSoon();
    }
  }

  #hear(index: number, piece: LogPiece | null): void {
    if (piece === null) {
      this.#behind.add(index);
    } else {
      this.#queue.push({ index, piece });
    }
    this.#flushSoon();
  }

  /** Together, a few times a second at most: a program that logs a lot does not keep the page from being used. */
  #flushSoon(): void {
    this.#frame ??= setTimeout(() => {
      this.#frame = undefined;
      this.#jobs.runInBackground(() => this.#flush());
    }, 100);
  }

  async #flush(): Promise<void> {
    const pieces = this.#queue.splice(0);
    if (!this.isLive.value) {
      this.#behind.clear();
      // What was read before it was told of has been seen.
      const news = pieces.filter(({ index, piece }) => piece.end > (this.#windows[index]?.end ?? 0));
      this.unseen.value += news.reduce((sum, { piece }) => sum + piece.text.split('\n').length - 1, 0);
      for (const window of this.#windows) {
        window.isAtEnd = false;
      }
      return;
    }
    // A flood is not looked at piece by piece: its end is read, and the page says how much it left out.
    const isFlood = pieces.reduce((sum, { piece }) => sum + piece.text.length, 0) > mostMissedBytes;
    for (const { index, piece } of pieces) {
      const window = this.#windows[index];
      if (isFlood) {
        this.#behind.add(index);
      } else if (window !== undefined && !this.#behind.has(index) && !this.#take(window, piece)) {
        this.#behind.add(index);
      }
    }
    for (const index of this.#behind) {
      const window = this.#windows[index];
      if (window !== undefined) {
        await this.#catchUp(window);
      }
    }
    this.#behind.clear();
    this.#trim((window, excess) => window.trimStart(excess));
  }

  /** False when something is missing between what is held and this piece. */
  #take(window: LogWindow, piece: LogPiece): boolean {
    if (piece.rotated === true || piece.truncated === true) {
      this.list.putAfter([
        window.note(piece.rotated === true ? 'log rotated' : 'log cleared', piece.offset, Date.now()),
      ]);
    }
    if (piece.end <= window.end) {
      return true;
    }
    if (piece.offset !== window.end) {
      return false;
    }
    this.#appendAndShow(window, piece);
    return true;
  }

  /** Reads from the end of what is held to the end of the file. */
  async #catchUp(window: LogWindow): Promise<void> {
    const source = this.#source(window);
    for (;;) {
      let page = await source.readAt(window.end, pageBytes);
      if (page.size < window.end) {
        this.list.putAfter([window.note('log begun anew', 0, Date.now())]);
        page = await source.readAt(0, pageBytes);
      } else if (page.size - window.end > mostMissedBytes) {
        const left = page.size - window.end;
        page = await source.readLines(firstLines);
        this.list.putAfter([window.note(`about ${formatBytes(left)} left out`, page.offset, Date.now())]);
      }
      if (page.end > page.offset) {
        this.#appendAndShow(window, page);
      }
      if (page.end >= page.size || page.end <= page.offset) {
        return;
      }
    }
  }

  #appendAndShow(window: LogWindow, page: Parameters<LogWindow['append']>[0]): void {
    const { added, extended } = window.append(page, Date.now());
    if (extended !== null) {
      this.list.extended(extended);
    }
    this.list.putAfter(added);
  }

  #trim(trimOne: (window: LogWindow, excess: number) => readonly LogLine[]): void {
    const excess = this.#windows.reduce((sum, window) => sum + window.lineCount, 0) - mostLines;
    if (excess <= 0) {
      return;
    }
    const share = Math.ceil(excess / this.#windows.length);
    const gone = new Set(this.#windows.flatMap((window) => trimOne(window, share)));
    if (gone.size > 0) {
      this.isAtStart.value = false;
      this.list.remove(gone);
    }
  }

  #rebuild(): void {
    this.list.replace(mergeLines(this.#windows));
    this.isAtStart.value = this.#windows.every((window) => window.start === 0);
  }
}
