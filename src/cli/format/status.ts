/**
 * The table that `status` prints; monitoring scripts cut it into columns.
 */
import { formatNamespec } from '../../rpc/namespec.ts';
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
export function statusLines(rows: readonly StatusRow[]): readonly string[] {
  const names = rows.map((row) => formatNamespec(row.group, row.name));
  const width = Math.max(leastNameWidth, ...names.map((name) => Array.from(name).length)) + nameGap;
  return rows.map(
    (row) =>
      padText(formatNamespec(row.group, row.name), width) +
      padText(row.statename, stateWidth) +
      row.description,
  );
}
