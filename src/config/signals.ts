/**
 * Names and numbers of the signals of Linux, as `stopsignal` takes them.
 *
 * Source: signal(7), the x86 and ARM column.
 */
import { parseInteger } from './python/integer.ts';
import { parsed, refused, type Parsed } from './python/parsed.ts';
import { repr } from './python/repr.ts';
import { strip } from './python/text.ts';

/** Every name; where a number has two, the usual one comes first. */
export const signalNumbers: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGIOT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGSTKFLT: 16,
  SIGCHLD: 17,
  SIGCLD: 17,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGTSTP: 20,
  SIGTTIN: 21,
  SIGTTOU: 22,
  SIGURG: 23,
  SIGXCPU: 24,
  SIGXFSZ: 25,
  SIGVTALRM: 26,
  SIGPROF: 27,
  SIGWINCH: 28,
  SIGIO: 29,
  SIGPOLL: 29,
  SIGPWR: 30,
  SIGSYS: 31,
  SIGRTMIN: 34,
  SIGRTMAX: 64,
};

/**
 * Compat: the original looks names up among everything whose name begins with `SIG`, and that includes these
 * constants that are no signals at all.
 */
const otherConstants: Readonly<Record<string, number>> = {
  SIG_DFL: 0,
  SIG_IGN: 1,
  SIG_BLOCK: 0,
  SIG_UNBLOCK: 1,
  SIG_SETMASK: 2,
};

const knownNames: Readonly<Record<string, number>> = { ...signalNumbers, ...otherConstants };
const knownNumbers: ReadonlySet<number> = new Set(Object.values(knownNames));
const namesByNumber: ReadonlyMap<number, string> = new Map(
  Object.entries(signalNumbers)
    .reverse()
    .map(([name, number]) => [number, name]),
);

/** `SIGTERM` for 15; `signal 35` for a number without a name, as the original words it. */
export function signalName(signal: number): string {
  return namesByNumber.get(signal) ?? `signal ${String(signal)}`;
}

/** B1.17: a number, or a name in any case with or without `SIG`. */
export function parseSignal(text: string): Parsed<number> {
  const number = parseInteger(text);
  if (number.ok) {
    return knownNumbers.has(number.value)
      ? number
      : refused(`value ${repr(text)} is not a valid signal number`);
  }
  const upper = strip(text).toUpperCase();
  const name = upper.startsWith('SIG') ? upper : `SIG${upper}`;
  const found = Object.hasOwn(knownNames, name) ? knownNames[name] : undefined;
  return found === undefined ? refused(`value ${repr(text)} is not a valid signal name`) : parsed(found);
}
