/**
 * `%f`, `%e` and `%g` of a whole number, exact at any precision.
 *
 * Only whole numbers (`process_num`, `numprocs`) are ever formatted, so rounding is decimal and to even.
 * Source: C's `printf`.
 */

/** `%.Nf`. */
export function fixedForm(value: bigint, precision: number, alternate: boolean): string {
  const point = precision > 0 ? `.${'0'.repeat(precision)}` : alternate ? '.' : '';
  return String(value) + point;
}

/** `%.Ne`. */
export function exponentForm(value: bigint, precision: number, alternate: boolean): string {
  const { digits, exponent } = rounded(value, precision + 1);
  return scientific(digits, exponent, alternate);
}

/** `%.Ng`: the shorter of both, without trailing zeros unless `#` asks for them. */
export function generalForm(value: bigint, precision: number, alternate: boolean): string {
  const significant = Math.max(precision, 1);
  const { digits, exponent } = rounded(value, significant);
  if (exponent >= significant) {
    return scientific(alternate ? digits : withoutTrailingZeros(digits), exponent, alternate);
  }
  const integral = digits.slice(0, exponent + 1);
  const fraction = digits.slice(exponent + 1);
  const shown = alternate ? fraction : withoutTrailingZeros(fraction);
  return shown === '' && !alternate ? integral : `${integral}.${shown}`;
}

function scientific(digits: string, exponent: number, alternate: boolean): string {
  const fraction = digits.slice(1);
  const point = fraction === '' && !alternate ? '' : '.';
  return `${digits.slice(0, 1)}${point}${fraction}e+${String(exponent).padStart(2, '0')}`;
}

function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') {
    end -= 1;
  }
  return digits.slice(0, end);
}

/** The first `count` significant digits, half to even, and the power of ten of the first. */
function rounded(value: bigint, count: number): { readonly digits: string; readonly exponent: number } {
  const all = String(value);
  const exponent = all.length - 1;
  if (all.length <= count) {
    return { digits: all.padEnd(count, '0'), exponent };
  }
  const scale = 10n ** BigInt(all.length - count);
  const quotient = value / scale;
  const twice = (value % scale) * 2n;
  const up = twice > scale || (twice === scale && quotient % 2n === 1n);
  const digits = String(up ? quotient + 1n : quotient);
  return digits.length > count
    ? { digits: digits.slice(0, count), exponent: exponent + 1 }
    : { digits, exponent };
}
