import type { IdentityResult } from './system.ts';

/** Why a user cannot be taken on: there is none, in the original's words, or nobody can tell. */
export function identityMissing(uid: number, { trouble }: Extract<IdentityResult, { ok: false }>): string {
  return trouble === null ? `Can't find uid ${uid}` : `cannot look up uid ${uid}: ${trouble}`;
}
