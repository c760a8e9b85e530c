import os from 'node:os';
import { errnoName } from '../native/errno.ts';

/** In words, what kept a user or group from being looked up; `errno` as `native/lookup.h` has it. */
export function lookupTrouble(errno: number): string {
  return errno === os.constants.errno.ERANGE ? 'its entry takes more than 1 MiB' : errnoName(errno);
}
