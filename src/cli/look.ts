/**
 * How output looks: coloured for a person at a terminal, byte for byte as the original's for everybody else.
 *
 * Source: https://no-color.org for NO_COLOR; `TERM=dumb` as terminfo has it.
 */
import type { WriteStream } from 'node:tty';

const codes = { red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36, dim: 2, bold: 1 } as const;

export type Tone = keyof typeof codes;

/** Paints a text, or leaves it as it is. */
export type Paint = (tone: Tone, text: string) => string;

export interface Look {
  readonly paint: Paint;
  /** A person reads stderr, and may be told more than the original says. */
  readonly hints: boolean;
  /** Size of the terminal that output goes to, asked at each use; null: output goes elsewhere, or is to be plain. */
  readonly screen: () => Screen | null;
}

export interface Screen {
  readonly columns: number;
  readonly rows: number;
}

/** Where machines read. */
export const plainLook: Look = { paint: (_, text) => text, hints: false, screen: () => null };

export const colored: Paint = (tone, text) => (text === '' ? text : `\u001b[${codes[tone]}m${text}\u001b[0m`);

type Stream = Pick<WriteStream, 'isTTY' | 'columns' | 'rows'>;

/** @param env `NO_COLOR`, of any value but the empty one, makes everything plain; `TERM=dumb` only the colours. */
export function lookFor(
  stdout: Stream,
  stderr: Stream,
  env: Readonly<Record<string, string | undefined>>,
): Look {
  if ((env['NO_COLOR'] ?? '') !== '') {
    return plainLook;
  }
  const isScreen = stdout.isTTY && env['TERM'] !== 'dumb';
  return {
    paint: isScreen ? colored : plainLook.paint,
    hints: stderr.isTTY,
    screen: () => (isScreen ? { columns: stdout.columns, rows: stdout.rows } : null),
  };
}

/** Tone of a process state; null: nothing to say about it. */
const stateTones: Readonly<Record<string, Tone>> = {
  RUNNING: 'green',
  STARTING: 'yellow',
  BACKOFF: 'yellow',
  STOPPING: 'yellow',
  STOPPED: 'dim',
  EXITED: 'dim',
  FATAL: 'red',
  UNKNOWN: 'red',
};

/** A state, painted; `text` may be padded. */
export function paintState(paint: Paint, state: string, text = state): string {
  const tone = stateTones[state];
  return tone === undefined ? text : paint(tone, text);
}
