/**
 * What is said about one process after `start`, `stop`, `signal` or `clear`.
 */
import { faultCodes } from '../../rpc/faults.ts';
import { formatNamespec } from '../../rpc/namespec.ts';
import type { Paint, Tone } from '../look.ts';
import { ReportedError } from '../reported-error.ts';
import type { CommandResult, ResultField } from '../result.ts';

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
export function outcomeName({ group, name }: Outcome): string {
  return group === name ? group : `${group}:${name ?? 'None'}`;
}

/** Paints what follows the name. */
export function paintOutcome(paint: Paint, name: string, line: string, tone: Tone): string {
  const prefix = `${name}: `;
  return line.startsWith(prefix) ? prefix + paint(tone, line.slice(prefix.length)) : line;
}

/** Fields of {@link outcomeResult}. */
export const outcomeFields: readonly ResultField[] = [
  ['action', 'string', '`start`, `stop`, `signal` or `clear`; a restart is a stop and a start'],
  ['name', 'string', 'name of the process as `status` prints it, or of a group that does not exist'],
  ['group', 'string', 'its group'],
  ['process', 'string or null', 'its own name; null: a whole group was meant'],
  ['ok', 'boolean', 'it was done'],
  ['fault', 'string or null', 'name of the fault, such as `ALREADY_STARTED`, from [the list](api.md#faults)'],
  ['detail', 'string', 'what the daemon says about it'],
];

export function outcomeResult(action: string, { group, name, status, description }: Outcome): CommandResult {
  const ok = status === faultCodes.SUCCESS;
  return {
    action,
    name: name === null ? group : formatNamespec(group, name),
    group,
    process: name,
    ok,
    fault: ok ? null : faultName(status),
    detail: description,
  };
}

/** Name of a fault; its number as text where this version knows none. */
function faultName(code: number): string {
  return Object.entries(faultCodes).find(([, known]) => known === code)?.[0] ?? String(code);
}
