/**
 * Signals as clients name them.
 *
 * Source: checklist B18.14, and which names and numbers the original accepts.
 */
import { constants } from 'node:os';
import { integerOf } from './parameters.ts';
import type { XmlRpcValue } from './xml/value.ts';

/** Names that Node's own table lacks; the real-time range has no others in the original. */
const moreSignals: Readonly<Record<string, number>> =
  process.platform === 'linux' ? { SIGCLD: constants.signals.SIGCHLD, SIGRTMIN: 34, SIGRTMAX: 64 } : {};

const numbersByName: ReadonlyMap<string, number> = new Map(
  Object.entries({ ...constants.signals, ...moreSignals }),
);

/** 0 sends nothing and only asks whether the process is there. */
const knownNumbers: ReadonlySet<number> = new Set([0, ...numbersByName.values()]);

/** The number of a signal given as number or name, with or without `SIG`, in any case; null for any other. */
export function signalNumberOf(argument: XmlRpcValue): number | null {
  const number = integerOf(argument) ?? (typeof argument === 'string' ? numberOfName(argument) : null);
  return number !== null && knownNumbers.has(number) ? number : null;
}

function numberOfName(text: string): number | null {
  const name = text.trim().toUpperCase();
  return numbersByName.get(name.startsWith('SIG') ? name : `SIG${name}`) ?? null;
}
