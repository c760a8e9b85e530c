/**
 * Whether a password is the one of a server.
 *
 * Source: RFC 7914 (scrypt). A check of it is meant to take long, so it is made beside the event loop, one at a time, since each
 * takes megabytes. A password that was right is remembered, as a digest that only this process can make: clients send theirs
 * with every request.
 */
import { createHash, createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { parseStoredPassword, type ScryptHash, scryptText } from '../../config/stored-password.ts';
import { equalsInConstantTime } from './constant-time.ts';

/** Servers have a password each; beyond this, what was right first has to be checked again. */
const maxRemembered = 64;
/** Checks that may wait; there are no more. */
const maxWaiting = 64;
/** Beyond what a configuration may ask for. */
const maxMemoryBytes = 512 * 1024 * 1024;

/** Of new hashes: 16 MiB, and a few tenths of a second. */
const usual = { cost: 16_384, blockSize: 8, parallelization: 5 } as const;
const saltBytes = 16;
const hashBytes = 32;

const secret = randomBytes(32);
/** Digests of passwords that were right, with what is stored. */
const right = new Set<string>();
/** Checks that wait or are under way, so that many requests with one password make one. */
const underWay = new Map<string, Promise<boolean>>();
let last: Promise<unknown> = Promise.resolve();

/** What is known of a password now. */
export type Verified = boolean | Promise<boolean> | null;

/**
 * Answers at once but for a `{SCRYPT}` that was not right before; null when too many of those wait to be checked. Takes the same time
 * whatever is wrong.
 *
 * @param stored As the configuration has it; one that makes no sense is nobody's password.
 */
export function verifyPassword(given: string, stored: string): Verified {
  const password = parseStoredPassword(stored);
  if (!password.ok) {
    return false;
  }
  switch (password.value.kind) {
    case 'plain':
      return equalsInConstantTime(given, password.value.text);
    case 'sha1':
      return equalsInConstantTime(createHash('sha1').update(given).digest('hex'), password.value.digest);
    case 'scrypt':
      return verifyScrypt(given, stored, password.value);
    default:
      return password.value satisfies never;
  }
}

/** What to write behind `password=`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  return scryptText({ ...usual, salt, hash: await derive(password, { ...usual, salt }, hashBytes) });
}

function verifyScrypt(given: string, stored: string, hash: ScryptHash): Verified {
  const digest = createHmac('sha256', secret)
    .update(JSON.stringify([stored, given]))
    .digest('base64');
  if (right.has(digest)) {
    return true;
  }
  const present = underWay.get(digest);
  if (present !== undefined) {
    return present;
  }
  if (underWay.size >= maxWaiting) {
    return null;
  }
  const check = last
    .then(() => matches(given, hash))
    .then((isRight) => {
      if (isRight) {
        remember(digest);
      }
      return isRight;
    })
    .finally(() => underWay.delete(digest));
  underWay.set(digest, check);
  last = check.catch(() => undefined);
  return check;
}

function remember(digest: string): void {
  right.add(digest);
  if (right.size > maxRemembered) {
    const [oldest = ''] = right;
    right.delete(oldest);
  }
}

async function matches(given: string, hash: ScryptHash): Promise<boolean> {
  return timingSafeEqual(await derive(given, hash, hash.hash.length), hash.hash);
}

/** Rejects when there is no memory for it. */
function derive(password: string, scryptHash: Omit<ScryptHash, 'hash'>, bytes: number): Promise<Buffer> {
  const { cost, blockSize, parallelization, salt } = scryptHash;
  const options = { cost, blockSize, parallelization, maxmem: maxMemoryBytes };
  return new Promise((resolve, reject) => {
    scrypt(password, salt, bytes, options, (error, key) => {
      if (error === null) {
        resolve(key);
      } else {
        reject(error);
      }
    });
  });
}
