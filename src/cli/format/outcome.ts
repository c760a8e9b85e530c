/**
 * What is said about one process after `start`, `stop`, `signal` or `clear`.
 */
import { faultCodes } from '../../rpc/faults.ts';
import { ReportedError } from '../reported-error.ts';

export interface Outcome {
  readonly group: string;
  /** Null where a whole group was named to a command that takes none. */
  readonly name: string | null;
  /** A fault code, SUCCESS among them. */
  readonly status: number;
  /** What the daemon says about it. */
  readonly description: string;
}

type Wording = Readonly<Record<number, string | ((outcome: Outcome) => string)>>;

const startWording: Wording = {
  [faultCodes.SUCCESS]: (outcome) => `${outcomeName(outcome)}: started`,
  [faultCodes.BAD_NAME]: 'no such process',
  [faultCodes.NO_FILE]: 'no such file',
  [faultCodes.NOT_EXECUTABLE]: 'file is not executable',
  [faultCodes.ALREADY_STARTED]: 'already started',
  [faultCodes.SPAWN_ERROR]: 'spawn error',
  [faultCodes.ABNORMAL_TERMINATION]: 'abnormal termination',
};

const signalWording: Wording = {
  [faultCodes.SUCCESS]: (outcome) => `${outcomeName(outcome)}: signalled`,
  [faultCodes.BAD_NAME]: 'no such process',
  [faultCodes.BAD_SIGNAL]: 'bad signal name',
  [faultCodes.NOT_RUNNING]: 'not running',
  [faultCodes.FAILED]: (outcome) => outcome.description,
};

const stopWording: Wording = {
  ...signalWording,
  [faultCodes.SUCCESS]: (outcome) => `${outcomeName(outcome)}: stopped`,
};

const clearWording: Wording = {
  [faultCodes.SUCCESS]: (outcome) => `${outcomeName(outcome)}: cleared`,
  [faultCodes.BAD_NAME]: 'no such process',
  [faultCodes.FAILED]: 'failed',
};

/** Each throws ReportedError for a code it has no words for, as the original does. */
export const startLine = (outcome: Outcome): string => outcomeLine(startWording, outcome);
export const signalLine = (outcome: Outcome): string => outcomeLine(signalWording, outcome);
export const stopLine = (outcome: Outcome): string => outcomeLine(stopWording, outcome);
export const clearLine = (outcome: Outcome): string => outcomeLine(clearWording, outcome);

function outcomeLine(wording: Wording, outcome: Outcome): string {
  const words = wording[outcome.status];
  switch (typeof words) {
    case 'function':
      return words(outcome);
    case 'string':
      return `${outcomeName(outcome)}: ERROR (${words})`;
    default:
      throw new ReportedError(
        'ValueError',
        `Unknown result code ${outcome.status} for ${outcomeName(outcome)}`,
      );
  }
}

/** Compat: a group named to `clear` is printed as `group:None`. */
function outcomeName({ group, name }: Outcome): string {
  return group === name ? group : `${group}:${name ?? 'None'}`;
}
