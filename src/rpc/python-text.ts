/**
 * How Python prints values, as far as fault strings and log lines of the original contain them.
 *
 * Source: Python language reference, `str` and `repr` of the built-in types.
 */
import { repr } from '../config/python/repr.ts';
import type { XmlRpcStruct, XmlRpcValue } from './xml/value.ts';

/** `str(value)`: texts as they are, bytes as the text they are, `2026-01-31 12:30:00`, all else as `repr` does. */
export function pythonStr(value: XmlRpcValue): string {
  if (value instanceof Uint8Array) {
    return Buffer.from(value).toString('utf8');
  }
  if (value instanceof Date) {
    return value.toISOString().slice(0, 19).replace('T', ' ');
  }
  return typeof value === 'string' ? value : pythonRepr(value);
}

/** `repr(value)`: `'it'`, `5`, `True`, `None`, `[1, 'a']`, `{'a': 1}`. */
function pythonRepr(value: XmlRpcValue): string {
  if (typeof value === 'string') {
    return repr(value);
  }
  if (typeof value === 'boolean') {
    return value ? 'True' : 'False';
  }
  return typeof value === 'number' ? String(value) : reprOfObject(value);
}

function reprOfObject(value: Exclude<XmlRpcValue, string | number | boolean>): string {
  if (value === null) {
    return 'None';
  }
  if (value instanceof Date) {
    return reprOfDate(value);
  }
  if (value instanceof Uint8Array) {
    return repr(Buffer.from(value).toString('utf8'));
  }
  if (isArray(value)) {
    return `[${value.map(pythonRepr).join(', ')}]`;
  }
  const members = Object.entries(value).map(([name, member]) => `${repr(name)}: ${pythonRepr(member)}`);
  return `{${members.join(', ')}}`;
}

/** `datetime.datetime(2026, 1, 31, 12, 30)`: seconds are left out when there are none. */
function reprOfDate(date: Date): string {
  const [year, month, day, hours, minutes, seconds] = date.toISOString().split(/[^\d]/).map(Number);
  const parts = [year, month, day, hours, minutes, ...(seconds === 0 ? [] : [seconds])];
  return `datetime.datetime(${parts.join(', ')})`;
}

/** `Array.isArray` does not narrow a readonly array. */
function isArray(value: readonly XmlRpcValue[] | XmlRpcStruct): value is readonly XmlRpcValue[] {
  return Array.isArray(value);
}
