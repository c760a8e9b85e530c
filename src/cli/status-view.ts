/**
 * The processes that `status` shows: read, chosen by name, and laid out.
 */
import type { ProcessInfo } from '../client/replies.ts';
import type { ProcessUsage } from '../client/usage.ts';
import { formatNamespec, parseNamespec } from '../rpc/namespec.ts';
import type { CommandContext } from './command.ts';
import { processInfoResult } from './format/process-result.ts';
import { statusHeading, statusLines } from './format/status.ts';
import { wideCells, wideHeading, wideResult } from './format/wide.ts';
import type { Paint } from './look.ts';
import { matchNames } from './names.ts';
import type { CommandResult } from './result.ts';

export interface StatusView {
  readonly shown: readonly ProcessInfo[];
  /** A complaint for each name that nothing has. */
  readonly complaints: readonly string[];
  /** Null: not asked for. */
  readonly usage: ReadonlyMap<string, ProcessUsage> | null;
  /** It was asked for, and the daemon does not tell. */
  readonly isUsageMissing: boolean;
}

/** Throws errors of the client. */
export async function readView(
  context: CommandContext,
  names: readonly string[],
  isWide: boolean,
): Promise<StatusView> {
  const [all, usage] = await Promise.all([
    context.client.getAllProcessInfo(),
    isWide ? context.client.getUsage() : null,
  ]);
  return {
    ...choose(all, names),
    usage: isWide ? (usage ?? new Map()) : null,
    isUsageMissing: isWide && usage === null,
  };
}

/** The processes that are named, in the order of the names; all of them without any, or with `all`. */
export function choose(
  all: readonly ProcessInfo[],
  names: readonly string[],
): Pick<StatusView, 'shown' | 'complaints'> {
  if (names.length === 0 || names.includes('all')) {
    return { shown: all, complaints: [] };
  }
  const complaints: string[] = [];
  const shown = matchNames(all, names)
    .flatMap((targets) => targets.names)
    .flatMap((name) => {
      const { group, process } = parseNamespec(name);
      const found = all.filter((info) => info.group === group && (process === null || info.name === process));
      if (found.length === 0) {
        complaints.push(
          process === null ? `${group}: ERROR (no such group)` : `${name}: ERROR (no such process)`,
        );
      }
      return found;
    });
  return { shown, complaints };
}

export function viewLines({ shown, usage }: StatusView, paint: Paint): readonly string[] {
  if (usage === null) {
    return statusLines(shown, paint);
  }
  const heading = paint('bold', statusHeading(shown, `${wideHeading}  `));
  const cells = (info: ProcessInfo): string => `${wideCells(usage.get(nameOf(info)))}  `;
  return [heading, ...statusLines(shown, paint, cells)];
}

export function viewResults({ shown, usage }: StatusView): readonly CommandResult[] {
  return shown.map((info) => ({
    ...processInfoResult(info),
    ...(usage === null ? {} : wideResult(usage.get(nameOf(info)))),
  }));
}

function nameOf({ group, name }: ProcessInfo): string {
  return formatNamespec(group, name);
}
