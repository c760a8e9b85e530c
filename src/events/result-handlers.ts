/** What is thought of the answers of listeners: `result_handler` by its name. */
import type { Judge } from './listener-protocol.ts';

const ok = Buffer.from('OK');

/** Under the names that existing configurations use. */
const handlers: Readonly<Record<string, Judge>> = {
  'supervisor.dispatchers:default_handler': (body) => (body.equals(ok) ? 'accepted' : 'rejected'),
};

/** Null: there is no such handler in this version. */
export function resultHandlerNamed(name: string): Judge | null {
  return Object.hasOwn(handlers, name) ? (handlers[name] ?? null) : null;
}
