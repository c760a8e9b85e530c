/**
 * The outcome of turning text into a value: failures are values too, with the words the original uses.
 */
export type Parsed<T> = { readonly ok: true; readonly value: T } | Refused;

/** A refusal; `message` is compared by machines, hence worded as the original words it. */
export interface Refused {
  readonly ok: false;
  readonly message: string;
}

export function parsed<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

export function refused(message: string): Refused {
  return { ok: false, message };
}
