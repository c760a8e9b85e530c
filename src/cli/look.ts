/**
 * How output looks: coloured for a person who asked for it or works in the shell, byte for byte as the original's for everybody
 * else. A terminal alone says nothing about who reads: scripts run `supervisorctl status web` through one, by `ssh -t`,
 * `docker exec -t`, Fabric or expect.
 *
 * Source: https://no-color.org for NO_COLOR, https://bixense.com/clicolors for CLICOLOR_FORCE; `TERM=dumb` as terminfo has it.
 */
import type { WriteStream } from 'node:tty';

const codes = { red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36, dim: 2, bold: 1 } as const;

export type Tone = keyof typeof codes;

/** Paints a text, or leaves it as it is. */
export type Paint = (tone: Tone, text: string) => string;

/** When to color; `auto`: where the output is a terminal. */
const colorWhens = ['always', 'never', 'auto'] as const;

export type ColorWhen = (typeof colorWhens)[number];

export function isColorWhen(text: string): text is ColorWhen {
  return colorWhens.some((when) => when === text);
}

export interface Look {
  /** For the output of a command that prints and ends. */
  readonly paint: Paint;
  /** For what goes on until it is interrupted, which nobody takes apart, such as `status -f` and `logs`. */
  readonly livePaint: Paint;
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
const plain: Paint = (_, text) => text;

export const plainLook: Look = { paint: plain, livePaint: plain, hints: false, screen: () => null };

export const colored: Paint = (tone, text) => (text === '' ? text : `\u001b[${codes[tone]}m${text}\u001b[0m`);

type Stream = Pick<WriteStream, 'isTTY' | 'columns' | 'rows'>;

export interface LookRequest {
  /** The value of `--color`; null: not given. */
  readonly color: ColorWhen | null;
  readonly isShell: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The first of these that says something decides: `--color`, `SUPERVISORCTL_COLOR` (the same words), `NO_COLOR`, `CLICOLOR_FORCE`.
 * Nobody having asked, the shell and what goes on for ever are coloured on a terminal, other commands never. `NO_COLOR` makes everything
 * else plain, too.
 */
export function lookFor(stdout: Stream, stderr: Stream, { color, isShell, env }: LookRequest): Look {
  const isSet = (name: string): boolean => (env[name] ?? '') !== '';
  const wish = color ?? wishOf(env);
  const isScreen = stdout.isTTY && env['TERM'] !== 'dumb';
  const isBare = color === null && isSet('NO_COLOR');
  return {
    paint: isColored(wish, isScreen, isShell) ? colored : plain,
    livePaint: isColored(wish, isScreen, true) ? colored : plain,
    hints: stderr.isTTY && !isBare,
    screen: () => (isScreen && !isBare ? { columns: stdout.columns, rows: stdout.rows } : null),
  };
}

function wishOf(env: LookRequest['env']): ColorWhen | null {
  const own = env['SUPERVISORCTL_COLOR'] ?? '';
  if (isColorWhen(own)) {
    return own;
  }
  if ((env['NO_COLOR'] ?? '') !== '') {
    return 'never';
  }
  const forced = env['CLICOLOR_FORCE'] ?? '';
  return forced !== '' && forced !== '0' ? 'always' : null;
}

function isColored(wish: ColorWhen | null, isScreen: boolean, byDefault: boolean): boolean {
  return wish === 'always' || (isScreen && (wish === 'auto' || (wish === null && byDefault)));
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
