/** The forms in which the password of a server may stand in a configuration. */
import { parsed, refused, type Parsed } from './python/parsed.ts';

export type StoredPassword =
  | { readonly kind: 'plain'; readonly text: string }
  /** Of the password, in hexadecimal digits. */
  | { readonly kind: 'sha1'; readonly digest: string }
  | ({ readonly kind: 'scrypt' } & ScryptHash);

export interface ScryptHash {
  /** N, r and p of RFC 7914. */
  readonly cost: number;
  readonly blockSize: number;
  readonly parallelization: number;
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
}

const shaMark = '{SHA}';
const scryptMark = '{SCRYPT}';
const scryptForm =
  /^\{SCRYPT\}(\d{1,9}),(\d{1,9}),(\d{1,9})\$([A-Za-z0-9+/]+={0,2})\$([A-Za-z0-9+/]+={0,2})$/;

const leastCost = 1024;
const leastSaltBytes = 8;
const leastHashBytes = 32;
const mostBytes = 64;
/** What one check may take of memory, and of time: about ten times that of a usual one. */
const mostMemoryBytes = 256 * 1024 * 1024;
const mostWork = 8 * 1024 * 1024;

/**
 * What a value of `password` means. Compat: after `{SHA}` stands the SHA-1 of the password in lower-case hex, not in base64, and
 * anything else there is a password that nobody has. `{SCRYPT}` is not of Supervisor.
 */
export function parseStoredPassword(text: string): Parsed<StoredPassword> {
  if (text.startsWith(shaMark)) {
    return parsed({ kind: 'sha1', digest: text.slice(shaMark.length) });
  }
  return text.startsWith(scryptMark) ? parseScrypt(text) : parsed({ kind: 'plain', text });
}

/** The form that {@link parseStoredPassword} takes. */
export function scryptText({ cost, blockSize, parallelization, salt, hash }: ScryptHash): string {
  const [saltText, hashText] = [salt, hash].map((bytes) => Buffer.from(bytes).toString('base64'));
  return `${scryptMark}${cost},${blockSize},${parallelization}$${saltText}$${hashText}`;
}

function parseScrypt(text: string): Parsed<StoredPassword> {
  const [whole, ...parts] = scryptForm.exec(text) ?? [];
  if (whole === undefined) {
    return malformed('it has another form');
  }
  const [cost = 0, blockSize = 0, parallelization = 0] = parts.slice(0, 3).map(Number);
  const [salt, hash] = parts.slice(3).map(bytesOf);
  if (cost < leastCost || !Number.isInteger(Math.log2(cost))) {
    return malformed(`N is no power of two from ${leastCost} on`);
  }
  if (blockSize === 0 || parallelization === 0) {
    return malformed('r and p begin at 1');
  }
  if (128 * cost * blockSize > mostMemoryBytes || cost * blockSize * parallelization > mostWork) {
    return malformed('N, r and p ask for more memory or time than a check may take');
  }
  if (!isOfLength(salt, leastSaltBytes) || !isOfLength(hash, leastHashBytes)) {
    return malformed(`salt and hash have ${leastSaltBytes} and ${leastHashBytes} to ${mostBytes} bytes`);
  }
  return parsed({ kind: 'scrypt', cost, blockSize, parallelization, salt, hash });
}

function malformed(why: string): Parsed<StoredPassword> {
  return refused(`not a hash of a password that begins with {SCRYPT}: ${why}`);
}

function isOfLength(bytes: Uint8Array | null | undefined, least: number): bytes is Uint8Array {
  return bytes !== null && bytes !== undefined && bytes.length >= least && bytes.length <= mostBytes;
}

/** Null when it is no base64, which is read leniently. */
function bytesOf(base64: string): Uint8Array | null {
  const bytes = Buffer.from(base64, 'base64');
  return bytes.toString('base64').replace(/=+$/, '') === base64.replace(/=+$/, '') ? bytes : null;
}
