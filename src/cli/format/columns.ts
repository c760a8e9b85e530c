/**
 * A list of words in columns, as `help` prints its topics.
 *
 * Compat: the layout is that of Python's `cmd.Cmd.columnize`: down the columns, as few rows as fit, two blanks
 * between, every word of a row but those of an only column padded.
 */
import { padText } from './padding.ts';

const gap = '  ';

/** Rows of words that are at most `width` characters wide where that is possible. */
export function columns(words: readonly string[], width: number): readonly string[] {
  const only = words.length === 1 ? words[0] : undefined;
  if (words.length === 0 || only !== undefined) {
    return [only ?? '<empty>'];
  }
  for (let rowCount = 1; rowCount < words.length; rowCount += 1) {
    const widths = columnWidths(words, rowCount);
    const total = widths.reduce((sum, column) => sum + column, 0) + gap.length * (widths.length - 1);
    if (total <= width) {
      return layOut(words, rowCount, widths);
    }
  }
  return words;
}

function columnWidths(words: readonly string[], rowCount: number): readonly number[] {
  const count = Math.ceil(words.length / rowCount);
  return Array.from({ length: count }, (_, column) =>
    Math.max(
      ...words.slice(column * rowCount, (column + 1) * rowCount).map((word) => Array.from(word).length),
    ),
  );
}

function layOut(words: readonly string[], rowCount: number, widths: readonly number[]): readonly string[] {
  return Array.from({ length: rowCount }, (_, row) =>
    widths
      .map((width, column) => ({ word: words[row + column * rowCount], width }))
      .flatMap(({ word, width }) => (word === undefined ? [] : [padText(word, width)]))
      .join(gap),
  );
}

/** A heading, ruled, over words in columns, with an empty line behind. */
export function topicLines(heading: string, topics: readonly string[], width: number): readonly string[] {
  return [heading, '='.repeat(heading.length), ...columns(topics, width - 1), ''];
}
