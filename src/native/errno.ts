/**
 * Names of errno numbers.
 *
 * Node knows most of them in one or the other of two tables; the rest are Linux's own that an exec or a file system
 * can answer with.
 */
import os from 'node:os';
import { getSystemErrorMap } from 'node:util';

const linuxOnly: readonly (readonly [number, string])[] = [
  [79, 'ELIBACC'],
  [80, 'ELIBBAD'],
  [82, 'ELIBMAX'],
  [112, 'EHOSTDOWN'],
  [117, 'EUCLEAN'],
  [121, 'EREMOTEIO'],
  [123, 'ENOMEDIUM'],
  [124, 'EMEDIUMTYPE'],
  [126, 'ENOKEY'],
  [127, 'EKEYEXPIRED'],
  [129, 'EKEYREJECTED'],
];

const names = new Map<number, string>([
  ...(process.platform === 'linux' ? linuxOnly : []),
  ...[...getSystemErrorMap()].map(([errno, [name]]): [number, string] => [-errno, name]),
  // Two names for one number: the first is the one everybody prints (EAGAIN, not EWOULDBLOCK).
  ...Object.entries(os.constants.errno)
    .toReversed()
    .map(([name, errno]): [number, string] => [errno, name]),
]);

/** The name of a positive errno such as `ENOENT`; the number itself as text where there is none. */
export function errnoName(errno: number): string {
  return names.get(errno) ?? String(errno);
}

/** Turns the addon's "below zero is an errno" into null or the errno's name. */
export function failureOf(result: number): string | null {
  return result < 0 ? errnoName(-result) : null;
}
