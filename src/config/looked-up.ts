/** Answers of the user database: found, not there, or not to be had. */
import type { LookedUp, LookupTrouble } from './world.ts';

export function isTrouble<T extends object>(answer: LookedUp<T>): answer is LookupTrouble {
  return answer !== null && 'trouble' in answer;
}

/** For those who can do without: null also where it could not be looked up. */
export function recordOf<T extends object>(answer: LookedUp<T>): T | null {
  return isTrouble(answer) ? null : answer;
}

/** The words for it; `what` is such as `user web`. */
export function troubleText(what: string, { trouble }: LookupTrouble): string {
  return `cannot look up ${what}: ${trouble}`;
}
