/** The types of events that a plugin's module declares, beside those of the daemon (B20.15). */
import type { EventTypes } from '../plugin/plugin.ts';
import { isRecord } from '../plugin/record.ts';
import { eventTypes, isEventType } from './types.ts';

export type DeclaredEventTypes =
  { readonly ok: true; readonly eventTypes: EventTypes } | { readonly ok: false; readonly reason: string };

const nameForm = /^[A-Z][A-Z0-9_]*$/;

/** Reads `eventTypes` among the exports of a module; without it there are none. */
export function declaredEventTypes(module: Readonly<Record<string, unknown>>): DeclaredEventTypes {
  const declared = module['eventTypes'] ?? {};
  if (typeof declared !== 'object') {
    return { ok: false, reason: 'eventTypes is no object' };
  }
  const found: Record<string, EventTypes[string]> = {};
  for (const [name, row] of Object.entries<unknown>({ ...declared })) {
    const problem = nameProblem(name) ?? rowProblem(row);
    if (problem !== null) {
      return { ok: false, reason: `eventTypes.${name} ${problem}` };
    }
    found[name] = row as EventTypes[string];
  }
  return { ok: true, eventTypes: found };
}

function nameProblem(name: string): string | null {
  if (!nameForm.test(name)) {
    return 'is not a name in upper case';
  }
  return isEventType(name) ? 'is a type that there is already' : null;
}

function rowProblem(row: unknown): string | null {
  if (!isRecord(row) || typeof row['summary'] !== 'string') {
    return 'has no summary';
  }
  const { parent } = row;
  const isAbstract = typeof parent === 'string' && isEventType(parent) && eventTypes[parent].abstract;
  return parent === undefined || isAbstract ? null : 'has a parent that is no abstract type';
}
