/** The C programs beside this file. */
import { cProgram } from '../test/helpers/c-program.ts';

/**
 * `writer` is a child, `copy` the physical limit of logging it, `piped` has others log it, `followers` reads logs over HTTP,
 * `ticker` says a line a second.
 */
export type ChildProgram = 'writer' | 'copy' | 'piped' | 'followers' | 'ticker';

/** Path of the executable. */
export function childProgram(name: ChildProgram): string {
  return cProgram(`bench/c/${name}.c`);
}
