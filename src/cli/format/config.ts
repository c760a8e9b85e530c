/**
 * What `avail` and `reread` print.
 */
import type { ConfigChanges, ConfigInfo } from '../../client/replies.ts';
import { compareText } from '../../config/python/text.ts';
import { formatNamespec } from '../../rpc/namespec.ts';
import type { CommandResult } from '../result.ts';
import { padText } from './padding.ts';

/** B17.13: name, whether it is active, whether it starts by itself, both priorities. */
export function availLine(info: ConfigInfo): string {
  const cells = [
    padText(formatNamespec(info.group, info.name), 32),
    padText(info.inuse ? 'in use' : 'avail', 9),
    padText(info.autostart ? 'auto' : 'manual', 9),
    `${info.group_prio}:${info.process_prio}`,
  ];
  return cells.join(' ');
}

export function availResult(info: ConfigInfo): CommandResult {
  return {
    name: formatNamespec(info.group, info.name),
    group: info.group,
    process: info.name,
    inUse: info.inuse,
    autostart: info.autostart,
    groupPriority: info.group_prio,
    processPriority: info.process_prio,
  };
}

/** B17.14: one line for each group that differs, sorted by name. */
export function changeLines(changes: ConfigChanges): readonly string[] {
  const results = changeResults(changes);
  return results.length === 0
    ? ['No config updates to processes']
    : results.map(({ group, change }) => `${group}: ${change}`);
}

type Change = { readonly group: string; readonly change: string };

export function changeResults(changes: ConfigChanges): readonly Change[] {
  const words = new Map([
    ...changes.added.map((name) => [name, 'available'] as const),
    ...changes.changed.map((name) => [name, 'changed'] as const),
    ...changes.removed.map((name) => [name, 'disappeared'] as const),
  ]);
  return [...words]
    .sort(([left], [right]) => compareText(left, right))
    .map(([group, change]) => ({ group, change }));
}
