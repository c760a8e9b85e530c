/**
 * The lines of a feed that are shown, in blocks of a hundred. A block has a signal of its own, so that a new line renders
 * one block.
 */
import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { visibleText } from '../ansi/spans.ts';
import type { LogLine } from '../model/log-line.ts';
import type { Matcher } from '../model/log-search.ts';

export interface LogBlock {
  readonly id: number;
  readonly lines: LogLine[];
  /** Moves when a line of it is added or becomes longer. */
  readonly version: Signal<number>;
}

const blockLines = 100;

export class LineList {
  readonly #blocks = signal<readonly LogBlock[]>([]);
  readonly #matcher = signal<Matcher | null>(null);
  readonly #onlyMatches = signal(false);
  readonly #matchCount = signal(0);

  get blocks(): ReadonlySignal<readonly LogBlock[]> {
    return this.#blocks;
  }

  get matcher(): ReadonlySignal<Matcher | null> {
    return this.#matcher;
  }

  get onlyMatches(): ReadonlySignal<boolean> {
    return this.#onlyMatches;
  }

  /** Of the lines held, shown or not, those that match. */
  get matchCount(): ReadonlySignal<number> {
    return this.#matchCount;
  }

  /** Lines shown, from top to bottom. */
  lines(): readonly LogLine[] {
    return this.#blocks.value.flatMap((block) => block.lines);
  }

  matchingLines(): readonly LogLine[] {
    return this.#matcher.value === null ? [] : this.lines().filter((line) => this.#isMatch(line));
  }

  /** Changes what is looked for; what is shown has to be put in anew. */
  look(matcher: Matcher | null, onlyMatches: boolean): void {
    this.#matcher.value = matcher;
    this.#onlyMatches.value = onlyMatches && matcher !== null;
  }

  /** Shows these lines and no others. */
  replace(lines: readonly LogLine[]): void {
    this.#blocks.value = blocksOf(lines.filter((line) => this.#isWanted(line)));
    this.#matchCount.value = this.#countMatches(lines);
  }

  /** Puts lines before the others, whose blocks stay as they are. */
  putBefore(lines: readonly LogLine[]): void {
    this.#matchCount.value += this.#countMatches(lines);
    this.#blocks.value = [...blocksOf(lines.filter((line) => this.#isWanted(line))), ...this.#blocks.value];
  }

  putAfter(lines: readonly LogLine[]): void {
    this.#matchCount.value += this.#countMatches(lines);
    let rest = lines.filter((line) => this.#isWanted(line));
    const last = this.#blocks.value.at(-1);
    if (last !== undefined && last.lines.length < blockLines && rest.length > 0) {
      const room = blockLines - last.lines.length;
      last.lines.push(...rest.slice(0, room));
      last.version.value += 1;
      rest = rest.slice(room);
    }
    if (rest.length > 0) {
      this.#blocks.value = [...this.#blocks.value, ...blocksOf(rest)];
    }
  }

  /** A line has become longer, and may be wanted now. */
  extended(line: LogLine): void {
    const block = this.#blocks.value.findLast(({ lines }) => lines.includes(line));
    if (block === undefined) {
      this.putAfter([line]);
    } else {
      block.version.value += 1;
    }
  }

  remove(gone: ReadonlySet<LogLine>): void {
    this.#matchCount.value -= this.#countMatches([...gone]);
    this.#blocks.value = this.#blocks.value.flatMap((block) => withoutLines(block, gone));
  }

  #isWanted(line: LogLine): boolean {
    return !this.#onlyMatches.value || this.#isMatch(line);
  }

  #isMatch(line: LogLine): boolean {
    return !line.isNotice && this.#matcher.value?.isIn(visibleText(line.text)) === true;
  }

  #countMatches(lines: readonly LogLine[]): number {
    return this.#matcher.value === null ? 0 : lines.filter((line) => this.#isMatch(line)).length;
  }
}

function blocksOf(lines: readonly LogLine[]): LogBlock[] {
  const blocks: LogBlock[] = [];
  for (let from = 0; from < lines.length; from += blockLines) {
    const part = lines.slice(from, from + blockLines);
    blocks.push({ id: part[0]?.id ?? 0, lines: part, version: signal(0) });
  }
  return blocks;
}

function withoutLines(block: LogBlock, gone: ReadonlySet<LogLine>): readonly LogBlock[] {
  const left = block.lines.filter((line) => !gone.has(line));
  if (left.length === block.lines.length) {
    return [block];
  }
  return left.length === 0 ? [] : [{ ...block, lines: left }];
}
