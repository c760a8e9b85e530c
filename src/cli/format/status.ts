/**
 * The table that `status` prints; monitoring scripts cut it into columns.
 */
import { formatNamespec } from '../../rpc/namespec.ts';
import { type Paint, paintState, plainLook } from '../look.ts';
import { padText } from './padding.ts';

export interface StatusRow {
  readonly group: string;
  readonly name: string;
  readonly statename: string;
  readonly description: string;
}

const leastNameWidth = 30;
const nameGap = 3;
const stateWidth = 10;

/** B17.5: name padded to the longest or 30 characters and 3 more, state to 10, description. */
export function statusLines<Row extends StatusRow>(
  rows: readonly Row[],
  paint: Paint = plainLook.paint,
  /** What else stands in front of the description. */
  cells: (row: Row) => string = () => '',
): readonly string[] {
  const width = nameWidth(rows);
  return rows.map(
    (row) =>
      padText(formatNamespec(row.group, row.name), width) +
      paintState(paint, row.statename, padText(row.statename, stateWidth)) +
      cells(row) +
      row.description,
  );
}

/** The headings of such a table. */
export function statusHeading(rows: readonly StatusRow[], cells: string): string {
  return `${padText('NAME', nameWidth(rows))}${padText('STATE', stateWidth)}${cells}DESCRIPTION`;
}

function nameWidth(rows: readonly StatusRow[]): number {
  const longest = rows.reduce(
    (width, row) => Math.max(width, Array.from(formatNamespec(row.group, row.name)).length),
    leastNameWidth,
  );
  return longest + nameGap;
}
