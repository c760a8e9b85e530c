/** The plan of an update as lines for people: what would happen, and below it why. */
import type {
  ChangedOption,
  GroupPlan,
  ProcessPlan,
  ReloadChange,
  UpdateOutcome,
} from '../../client/update-replies.ts';
import { formatNamespec } from '../../rpc/namespec.ts';
import type { CommandResult, ResultField } from '../result.ts';

/** Fields of the results of `update` with and without options. */
export const updateFields: readonly ResultField[] = [
  ['group', 'string', 'name of the group'],
  [
    'done?',
    'string',
    'without `--dry-run`: what was done or tried, such as `stopped`, `added` or `restarted`',
  ],
  [
    'process?',
    'string or null',
    'with `--minimal`: name of the process within the group; null: the group as a whole',
  ],
  ['problem?', 'string or null', 'with `--minimal`: why it could not be done'],
  ['change?', 'string', 'with `--dry-run`: `added`, `removed` or `changed`'],
  ['how?', 'string', 'with `--dry-run`: `replace`, the group is made anew, or `adjust`'],
  ['options?', 'array of objects', 'with `--dry-run`: options of the group that differ'],
  [
    'processes?',
    'array of objects',
    'with `--dry-run`: for each process `name`, `membership`, `action` and the `options` that differ',
  ],
];

export function planResult({ name, change, how, options, processes }: GroupPlan): CommandResult {
  const copies = processes.map((process) => ({ ...process, options: process.options.map(copyOf) }));
  return { group: name, change, how, options: options.map(copyOf), processes: copies };
}

export function outcomeResult({ group, process, done, problem }: UpdateOutcome): CommandResult {
  return { group, process, done, problem };
}

function copyOf(option: ChangedOption): CommandResult {
  return { ...option };
}

export function planLines(groups: readonly GroupPlan[]): readonly string[] {
  return groups.length === 0 ? ['No config updates to processes'] : groups.flatMap(groupLines);
}

/** What an update leaves alone. */
export function reloadLines(changes: readonly ReloadChange[]): readonly string[] {
  return changes.length === 0
    ? []
    : ['not part of an update, needs a reload:', ...changes.map((change) => `    ${reloadText(change)}`)];
}

function reloadText({ section, option, from, to, ...place }: ReloadChange): string {
  return option === null
    ? `[${section}]: ${from === null ? 'added' : 'removed'}`
    : `[${section}] ${option}: ${valueText(from)} -> ${valueText(to)}${placeText(place)}`;
}

function groupLines({ name, change, how, options, processes }: GroupPlan): readonly string[] {
  const heading = `${name}: ${change === 'changed' && how === 'replace' ? 'changed, made anew' : change}`;
  return [
    heading,
    ...options.map((option) => `    ${optionText(option)}`),
    ...processesLines(name, processes, how),
  ];
}

/** Processes that the same happens to for the same reasons share a heading. */
function processesLines(group: string, processes: readonly ProcessPlan[], how: string): readonly string[] {
  const namesByText = new Map<string, string[]>();
  for (const process of processes) {
    const what = describeAction(process, how);
    if (what !== null) {
      const text = [what, ...process.options.map((option) => `    ${optionText(option)}`)].join('\n');
      const names = namesByText.get(text) ?? [];
      namesByText.set(text, [...names, formatNamespec(group, process.name)]);
    }
  }
  return [...namesByText].flatMap(([text, names]) => `  ${names.join(' ')}: ${text}`.split('\n'));
}

/** Null: there is nothing to say. */
function describeAction({ membership, action, options }: ProcessPlan, how: string): string | null {
  switch (membership) {
    case 'added':
      return action === 'start' ? 'start' : 'add, not started (autostart=false)';
    case 'removed':
      return action === 'stop' ? 'stop' : 'remove, not running';
    default:
      if (action !== 'keep') {
        return how === 'replace' && action === 'stop' ? 'stop (autostart=false)' : action;
      }
      if (how === 'replace') {
        return 'not started (autostart=false)';
      }
      return options.length === 0 ? null : keepText(options);
  }
}

function keepText(options: readonly ChangedOption[]): string {
  return options.every(({ applies }) => applies === 'live')
    ? 'new settings, not restarted'
    : 'new settings, not running';
}

function optionText({ option, variable, from, to, file, line }: ChangedOption): string {
  const name = variable === null ? option : `${option} ${variable}`;
  return `${name}: ${valueText(from)} -> ${valueText(to)}${placeText({ file, line })}`;
}

function placeText({ file, line }: Pick<ChangedOption, 'file' | 'line'>): string {
  return file === null ? '' : `  ; ${file}:${line ?? '?'}`;
}

function valueText(value: string | null): string {
  return value === null ? '(none)' : JSON.stringify(value);
}

/** One line for each thing that was done, or could not be. */
export function outcomeLines(outcomes: readonly UpdateOutcome[]): readonly string[] {
  return outcomes.length === 0
    ? ['No config updates to processes']
    : outcomes.map(({ group, process, done, problem }) => {
        const name = process === null ? group : formatNamespec(group, process);
        if (problem !== null) {
          return `${name}: ERROR (not ${done}: ${problem})`;
        }
        return process === null ? `${name}: ${done} process group` : `${name}: ${processDone[done] ?? done}`;
      });
}

const processDone: Readonly<Record<string, string>> = {
  added: 'added process',
  removed: 'removed process',
  applied: 'new settings applied',
};
