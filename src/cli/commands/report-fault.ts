import { FaultError } from '../../client/errors.ts';
import type { CommandContext } from '../command.ts';
import { exitStatuses } from '../exit-statuses.ts';

/**
 * Prints the line for a fault and makes the exit status 1.
 *
 * @param lines what is said after which fault, possibly with the fault's own text.
 * @throws the error itself when there is no line for it.
 */
export function reportFault(
  context: CommandContext,
  error: unknown,
  lines: Readonly<Record<number, string | ((faultString: string) => string)>>,
): void {
  const line = error instanceof FaultError ? lines[error.faultCode] : undefined;
  if (line === undefined || !(error instanceof FaultError)) {
    throw error;
  }
  context.exitStatus = exitStatuses.generic;
  context.output(typeof line === 'string' ? line : line(error.faultString));
}
