/** The C programs beside this file. */
import { cProgram } from '../test/helpers/c-program.ts';

/**
 * `writer` is a child, `copy` the physical limit of logging it, `piped` has others log it, `followers` reads logs over HTTP,
 * `ticker` says a line a second, `pump-log` is the pump of the addon without the daemon.
 */
export type ChildProgram = 'writer' | 'copy' | 'piped' | 'followers' | 'ticker' | 'pump-log';

const pumpParts = [
  'pump',
  'pump-file',
  'pump-stream',
  'pump-lane',
  'pump-move',
  'pump-pace',
  'pump-exact',
  'pump-exact-file',
  'look',
  'thread',
];

const parts: Partial<Record<ChildProgram, readonly string[]>> = {
  'pump-log': pumpParts.map((part) => `native/${part}.c`),
};

/** Path of the executable. */
export function childProgram(name: ChildProgram): string {
  return cProgram(`bench/c/${name}.c`, parts[name]);
}
