/**
 * What listening can come to: outcomes in the words of the original, for the daemon to print.
 *
 * Source: checklist B4.4; usage errors of the original daemon.
 */
import { constants } from 'node:os';

export type ListenOutcome =
  /** `release` gives back what listening has created, besides the socket itself; called once. */
  { readonly ok: true; release(): void } | ({ readonly ok: false } & ListenFailure);

export interface ListenFailure {
  /** `in-use`: somebody else answers there; `invalid`: the settings cannot be fulfilled. */
  readonly kind: 'in-use' | 'system' | 'invalid';
  /** A usage error, without `Error: ` and without a line end. */
  readonly message: string;
}

const inUse: ListenFailure = {
  kind: 'in-use',
  message:
    'Another program is already listening on a port that one of our HTTP servers is configured to use.  ' +
    'Shut this program down first before starting supervisord.',
};

/** Numbers that the original prints for names that cannot be resolved: `EAI_NONAME`, `EAI_AGAIN`. */
const resolverNumbers: Readonly<Record<string, number>> = { ENOTFOUND: -2, EAI_AGAIN: -3 };

/** The failure for the code of a system error, such as `EADDRINUSE`. */
export function listenFailure(code: string): ListenFailure {
  if (code === 'EADDRINUSE') {
    return inUse;
  }
  const numbers: Readonly<Record<string, number>> = constants.errno;
  const number = numbers[code];
  const what = number === undefined ? String(resolverNumbers[code] ?? code) : `errno.${code} (${number})`;
  return { kind: 'system', message: `Cannot open an HTTP server: socket.error reported ${what}` };
}

/** The code of a system error; rethrows whatever else was thrown. */
export function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return error.code;
  }
  throw error;
}
