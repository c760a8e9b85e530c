/**
 * What `add`, `remove` and `update` say about a group.
 */
import type { CommandContext } from '../command.ts';
import type { ResultField } from '../result.ts';

const lines = {
  stopped: 'stopped',
  removed: 'removed process group',
  updated: 'updated process group',
  added: 'added process group',
} as const;

export const groupFields: readonly ResultField[] = [
  ['group', 'string', 'name of the group'],
  ['done', 'string', '`stopped`, `removed`, `updated` or `added`; what was refused is among the messages'],
];

/** Prints what was done to a group. */
export function reportGroup(context: CommandContext, group: string, done: keyof typeof lines): void {
  context.report([{ group, done }], [`${group}: ${context.look.paint('green', lines[done])}`]);
}
