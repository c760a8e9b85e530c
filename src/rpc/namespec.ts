/**
 * Names of processes as clients write them: `group:process`, `group:*`, or the one name that both have.
 *
 * Source: Supervisor manual, "Group Process Groups" and the behaviour of its API (checklist B8.3).
 */

export interface Namespec {
  readonly group: string;
  /** Null: every process of the group. */
  readonly process: string | null;
}

/** `x` is `x:x`; `g:` and `g:*` are the whole group; everything after the first colon is the process. */
export function parseNamespec(text: string): Namespec {
  const colon = text.indexOf(':');
  if (colon === -1) {
    return { group: text, process: text };
  }
  const process = text.slice(colon + 1);
  return { group: text.slice(0, colon), process: process === '' || process === '*' ? null : process };
}

/** The short form for a process named as its group. */
export function formatNamespec(group: string, process: string): string {
  return group === process ? process : `${group}:${process}`;
}
