/**
 * Signals as clients name them: as in the configuration, but numbers may also come as such.
 *
 * Source: checklist B18.14, and which names and numbers the original accepts.
 */
import { parseSignal } from '../config/signals.ts';
import { integerOf } from './parameters.ts';
import type { XmlRpcValue } from './xml/value.ts';

/** The number of a signal given as number or name, with or without `SIG`, in any case; null for any other. */
export function signalNumberOf(argument: XmlRpcValue): number | null {
  const text = typeof argument === 'string' ? argument : String(integerOf(argument));
  const signal = parseSignal(text);
  return signal.ok ? signal.value : null;
}
