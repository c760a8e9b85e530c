/** The C programs beside this file. */
import { cProgram } from '../test/helpers/c-program.ts';

/** `writer` is a child, `copy` the physical limit of logging it, `followers` reads logs over HTTP. */
export type ChildProgram = 'writer' | 'copy' | 'followers';

/** Path of the executable. */
export function childProgram(name: ChildProgram): string {
  return cProgram(`bench/c/${name}.c`);
}
