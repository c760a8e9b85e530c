/** Whole numbers: counts, sizes, octal masks, exit codes. */
import { parseBigInteger, parseInteger, parseOctal } from '../python/integer.ts';
import { parsed, refused, type Parsed } from '../python/parsed.ts';
import { repr } from '../python/repr.ts';
import type { Converter } from './converter.ts';

export const integer: Converter<number> = {
  parse: parseInteger,
  expected: 'a whole number',
  exact: parseBigInteger,
};

const byteUnits: Readonly<Record<string, bigint>> = { kb: 1024n, mb: 1024n ** 2n, gb: 1024n ** 3n };

function parseByteSize(value: string): Parsed<bigint> {
  const lower = value.toLowerCase();
  const unit = byteUnits[lower.slice(-2)];
  const count = parseBigInteger(unit === undefined ? lower : lower.slice(0, -2));
  return count.ok ? parsed(count.value * (unit ?? 1n)) : count;
}

/** B1.15, in bytes. */
export const byteSize: Converter<number> = {
  parse(value) {
    const size = parseByteSize(value);
    return size.ok ? parsed(Number(size.value)) : size;
  },
  expected: 'a whole number of bytes, or one with KB, MB or GB behind it',
  exact: parseByteSize,
};

/** B1.16. */
export const octal: Converter<number> = {
  parse(value) {
    const number = parseOctal(value);
    return number === null ? refused(`${value} can not be converted to an octal type`) : parsed(number);
  },
  expected: 'an octal number such as 022',
};

/** As {@link octal}; `refusal` makes the message, which names the option. */
export function fileMode(refusal: (value: string) => string): Converter<number> {
  return {
    parse(value, world) {
      const mode = octal.parse(value, world);
      return mode.ok ? mode : refused(refusal(value));
    },
    expected: 'octal permissions such as 0700',
  };
}

/** B9.2: how many connections wait to be accepted. */
export const backlog: Converter<number> = {
  parse(value) {
    const count = parseInteger(value);
    return count.ok && (count.value < 1 || count.value > 65535)
      ? refused(`Invalid socket_backlog value ${String(count.value)}`)
      : count;
  },
  expected: 'a whole number from 1 to 65535',
};

/** B7.5. */
export const exitCodes: Converter<readonly number[]> = {
  parse(value) {
    if (value === '') {
      return parsed([]);
    }
    const codes: number[] = [];
    for (const part of value.split(',')) {
      const code = parseInteger(part);
      if (!code.ok || code.value < 0 || code.value > 255) {
        return refused(`not a valid list of exit codes: ${repr(value)}`);
      }
      codes.push(code.value);
    }
    return parsed(codes);
  },
  expected: 'numbers from 0 to 255 with commas between them',
};
