/**
 * Kinds of parameters: what each accepts and what it makes of it.
 *
 * Compat: clients of dynamic languages send `"0"` for a number and `1` for a boolean; like Python's `int()` and
 * truth values these take what can only be meant in one way. Anything else is INCORRECT_PARAMETERS.
 */
import { parseInteger as parseIntegerText } from '../config/python/integer.ts';
import { RpcFault } from './faults.ts';
import type { Parameter } from './method.ts';
import type { XmlRpcValue } from './xml/value.ts';

/** A name or another text; base64 counts as the text it contains. */
export function textParameter(name: string, summary: string): Parameter<string> {
  return { name, type: 'string', summary, fallback: null, parse: parseText };
}

/** A whole number: also one written as text, and a fraction, which is cut off. */
export function intParameter(name: string, summary: string): Parameter<number> {
  return { name, type: 'int', summary, fallback: null, parse: parseInteger };
}

/** A truth value, as Python sees it: empty and zero are false. */
export function booleanParameter(name: string, summary: string, fallback: boolean): Parameter<boolean> {
  return { name, type: 'boolean', summary, fallback: { value: fallback }, parse: isTruthy };
}

export function arrayParameter(name: string, summary: string): Parameter<readonly XmlRpcValue[]> {
  return { name, type: 'array', summary, fallback: null, parse: parseArray };
}

/** Documented as a string, but handed on as it comes, because its method judges it itself. */
export function anyParameter(name: string, summary: string): Parameter<XmlRpcValue> {
  return { name, type: 'string', summary, fallback: null, parse: (argument) => argument };
}

function parseText(argument: XmlRpcValue): string {
  if (typeof argument === 'string') {
    return argument;
  }
  if (argument instanceof Uint8Array) {
    return Buffer.from(argument).toString('utf8');
  }
  throw new RpcFault('INCORRECT_PARAMETERS');
}

function parseInteger(argument: XmlRpcValue): number {
  const number = integerOf(argument);
  if (number === null) {
    throw new RpcFault('INCORRECT_PARAMETERS');
  }
  return number;
}

/** What Python's `int()` makes of a value; null where it raises an error. */
export function integerOf(argument: XmlRpcValue): number | null {
  if (typeof argument === 'boolean') {
    return argument ? 1 : 0;
  }
  if (typeof argument === 'string') {
    const parsed = parseIntegerText(argument);
    return parsed.ok ? parsed.value : null;
  }
  return typeof argument === 'number' && Number.isFinite(argument) ? Math.trunc(argument) : null;
}

function isTruthy(argument: XmlRpcValue): boolean {
  if (typeof argument !== 'object' || argument === null || argument instanceof Date) {
    return Boolean(argument);
  }
  return argument instanceof Uint8Array ? argument.length > 0 : Object.keys(argument).length > 0;
}

function parseArray(argument: XmlRpcValue): readonly XmlRpcValue[] {
  if (Array.isArray(argument)) {
    return argument;
  }
  throw new RpcFault('INCORRECT_PARAMETERS');
}
