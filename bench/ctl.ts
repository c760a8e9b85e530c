/** Running a supervisorctl whose time is taken. */
import type { Flavour } from '../test/helpers/flavours.ts';
import { type ProgramResult, runProgram } from '../test/helpers/run-program.ts';
import type { Sandbox } from '../test/helpers/sandbox.ts';

export type Ctl = (...args: readonly string[]) => Promise<ProgramResult>;

/** Unlike the helper of the tests it does not look through /proc first, which can take longer than the command. */
export function ctlOf({ env, directory: cwd }: Sandbox, flavour: Flavour, configFile: string): Ctl {
  return (...args) => runProgram(flavour.supervisorctl, ['-c', configFile, ...args], { env, cwd });
}
