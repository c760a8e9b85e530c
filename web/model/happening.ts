/** What the timeline says, for people. */
import type { TimelineEntry } from '../stream/wire.ts';

/** `startProcess` is `start`, `stopAllProcesses` is `stop all`, `sendProcessStdin` is `send stdin`. */
export function actionText(method: string): string {
  return method
    .replace(/^.*\./, '')
    .replace(/Process(?:es|Group)?/, '')
    .replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** An entry without the name of its process and its new state, which stand beside it. */
export function entryText({ kind, process, to, text }: TimelineEntry): string {
  if (kind === 'action') {
    return actionText(text.split(' ')[0] ?? '');
  }
  const told = `${process} ${to}`;
  return text.startsWith(told) ? text.slice(told.length).replace(/^: /, '') : text;
}

/** `by ann through xml-rpc`; empty where nobody asked for it. */
export function whoText(who: { readonly interface?: string | null; readonly user?: string | null }): string {
  return [who.user && `by ${who.user}`, who.interface && `through ${who.interface}`]
    .filter(Boolean)
    .join(' ');
}
