/** Texts of which only certain ones are allowed, and names. */
import { parsed, refused } from '../python/parsed.ts';
import { repr } from '../python/repr.ts';
import { strip } from '../python/text.ts';
import type { AutorestartSetting, LogLevel } from '../settings.ts';
import { parseSignal } from '../signals.ts';
import type { Converter } from './converter.ts';

const truthy: ReadonlySet<string> = new Set(['yes', 'true', 'on', '1']);
const falsy: ReadonlySet<string> = new Set(['no', 'false', 'off', '0']);

/** Any text. */
export const text: Converter<string> = { parse: parsed, expected: 'text' };

/** B1.14. */
export const boolean: Converter<boolean> = {
  parse(value) {
    const lower = value.toLowerCase();
    return truthy.has(lower) || falsy.has(lower)
      ? parsed(truthy.has(lower))
      : refused(`not a valid boolean value: ${repr(value)}`);
  },
  expected: 'one of true, yes, on, 1, false, no, off, 0',
};

export const signal: Converter<number> = { parse: parseSignal, expected: 'the name or number of a signal' };

/** Words between commas; nothing at all is an empty list. */
export const list: Converter<readonly string[]> = {
  parse: (value) => parsed(value === '' ? [] : value.split(',').map(strip)),
  expected: 'names with commas between them',
};

export const autorestart: Converter<AutorestartSetting> = {
  parse(value) {
    const lower = value.toLowerCase();
    if (truthy.has(lower)) {
      return parsed('always');
    }
    if (falsy.has(lower)) {
      return parsed('never');
    }
    return lower === 'unexpected' ? parsed(lower) : refused(`invalid 'autorestart' value ${repr(lower)}`);
  },
  expected: 'true, false or unexpected',
};

/** The levels with the numbers the original gives them. */
export const logLevelNumbers: Readonly<Record<LogLevel, number>> = {
  critical: 50,
  error: 40,
  warn: 30,
  info: 20,
  debug: 10,
  trace: 5,
  blather: 3,
};

function isLogLevel(name: string): name is LogLevel {
  return Object.hasOwn(logLevelNumbers, name);
}

export const logLevel: Converter<LogLevel> = {
  parse(value) {
    const lower = value.toLowerCase();
    return isLogLevel(lower) ? parsed(lower) : refused(`bad logging level name ${repr(value)}`);
  },
  expected: `one of ${Object.keys(logLevelNumbers).join(', ')}`,
};

/** B1.18: a name that fits into `group:process` and into an address. */
export const processName: Converter<string> = {
  parse(value) {
    const name = strip(value);
    const bad = [' ', ':', '/'].find((character) => name.includes(character));
    return bad === undefined
      ? parsed(name)
      : refused(`Invalid name: ${repr(value)} because of character: ${repr(bad)}`);
  },
  expected: 'a name without blanks, colons and slashes',
};

/** `AUTO` means the daemon's own server, told by null. */
export const serverUrl: Converter<string | null> = {
  parse: (value) => parsed(strip(value).toUpperCase() === 'AUTO' ? null : value),
  expected: 'an http:// or unix:// address, or AUTO',
};
