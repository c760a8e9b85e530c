/**
 * `status -f`: on a terminal a table that is drawn again as it changes, elsewhere a line for each change.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionError } from '../client/errors.ts';
import { formatNamespec } from '../rpc/namespec.ts';
import type { CommandContext } from './command.ts';
import type { Screen } from './look.ts';
import { describeConnection } from './reported-error.ts';
import { readView, type StatusView, viewLines, viewResults } from './status-view.ts';

const intervalMs = 1000;

/** Shows the processes until ^C. A daemon that goes away is waited for. */
export async function followStatus(
  context: CommandContext,
  names: readonly string[],
  isWide: boolean,
): Promise<void> {
  context.beginStream();
  const show = context.look.screen() === null ? showChanges(context) : redraw(context);
  const end = await context.untilInterrupt(async (signal) => {
    while (!signal.aborted) {
      show(await readOrExplain(context, names, isWide));
      await sleep(intervalMs, undefined, { signal });
    }
  });
  if (end === 'interrupted') {
    context.report([], ['']);
  }
}

/** A view, or why there is none. */
async function readOrExplain(
  context: CommandContext,
  names: readonly string[],
  isWide: boolean,
): Promise<StatusView | string> {
  try {
    return await readView(context, names, isWide);
  } catch (error) {
    if (error instanceof ConnectionError) {
      return `${context.serverUrl}: ${describeConnection(error).text}`;
    }
    throw error;
  }
}

/** Prints processes whose line differs in more than the time that has passed. */
function showChanges(context: CommandContext): (view: StatusView | string) => void {
  const before = new Map<string, string>();
  let problem = '';
  return (view) => {
    if (typeof view === 'string') {
      if (view !== problem) {
        context.warn(view);
      }
      problem = view;
      return;
    }
    problem = '';
    const results = viewResults(view);
    // The heading of a wide table stands for nothing.
    const lines = viewLines(view, context.look.livePaint).slice(-view.shown.length || Infinity);
    view.shown.forEach(({ group, name, statename, pid }, index) => {
      const namespec = formatNamespec(group, name);
      const now = `${statename} ${pid}`;
      if (before.get(namespec) !== now) {
        before.set(namespec, now);
        context.report(results.slice(index, index + 1), lines.slice(index, index + 1));
      }
    });
  };
}

/** Draws over what was drawn before. */
function redraw(context: CommandContext): (view: StatusView | string) => void {
  let drawn = 0;
  let latest: StatusView | null = null;
  return (view) => {
    const screen = context.look.screen() ?? { columns: 80, rows: 24 };
    if (typeof view !== 'string') {
      latest = view;
    }
    const heading = typeof view === 'string' ? context.look.livePaint('red', view) : summary(context, view);
    const lines = [heading, ...(latest === null ? [] : fitting(latest, context, screen))];
    void context.write(Buffer.from(frame(lines, drawn)));
    drawn = lines.length;
  };
}

/** As many lines as the screen has room for, the heading and the prompt left out, and how many there are besides. */
function fitting(view: StatusView, context: CommandContext, { rows }: Screen): readonly string[] {
  const lines = [...view.complaints, ...viewLines(view, context.look.livePaint)];
  const room = Math.max(1, rows - 2);
  return lines.length <= room
    ? lines
    : [...lines.slice(0, room - 1), context.look.livePaint('dim', `... and ${lines.length - room + 1} more`)];
}

/** Lines cut off at the edge instead of wrapped, in the place of those drawn before. */
function frame(lines: readonly string[], drawn: number): string {
  const up = drawn === 0 ? '' : `\u001b[${drawn}A`;
  return `\u001b[?7l${up}${lines.map((line) => `\r${line}\u001b[K\n`).join('')}\u001b[J\u001b[?7h`;
}

/** `12:30:05  97 RUNNING, 1 FATAL` */
function summary({ look: { livePaint } }: CommandContext, { shown }: StatusView): string {
  const counts = new Map<string, number>();
  for (const { statename } of shown) {
    counts.set(statename, (counts.get(statename) ?? 0) + 1);
  }
  const parts = [...counts].map(([state, count]) => `${count} ${state}`);
  const time = new Date().toTimeString().slice(0, 8);
  return livePaint('bold', `${time}  ${parts.length === 0 ? 'no processes' : parts.join(', ')}`);
}
