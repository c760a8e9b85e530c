/**
 * HTTP Basic authentication.
 *
 * Source: RFC 7617; Supervisor manual, `username` and `password` of the HTTP servers; checklist B3.3.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { HttpServerSettings } from '../../config/settings.ts';

export type Credentials = NonNullable<HttpServerSettings['credentials']>;

/** Value of the `WWW-Authenticate` header. */
export const authenticateChallenge = 'Basic realm="default"';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export interface CheckedAuthorization {
  readonly verdict: 'allowed' | 'denied' | 'malformed';
  /** As it was given. */
  readonly username: string;
}

/**
 * What an `Authorization` header is worth; `malformed` when its scheme is Basic but it cannot be read.
 * Takes the same time whether the user, the password or nothing of both is right.
 */
export function checkAuthorization(
  header: string | undefined,
  credentials: Credentials,
): CheckedAuthorization {
  const [scheme = '', encoded] = header?.split(/ (.*)/s) ?? [];
  if (scheme.toLowerCase() !== 'basic' || encoded === undefined) {
    return { verdict: 'denied', username: '' };
  }
  const given = decodeUserAndPassword(encoded);
  if (given === null) {
    return { verdict: 'malformed', username: '' };
  }
  const { username } = given;
  return { verdict: areCredentials(given, credentials) ? 'allowed' : 'denied', username };
}

/** Takes the same time whatever is wrong. */
export function areCredentials(given: Credentials, stored: Credentials): boolean {
  const userMatches = equalsInConstantTime(given.username, stored.username);
  const passwordMatches = isPassword(given.password, stored.password);
  return userMatches && passwordMatches;
}

function decodeUserAndPassword(encoded: string): Credentials | null {
  try {
    const text = utf8.decode(Buffer.from(encoded, 'base64'));
    const colon = text.indexOf(':');
    return colon === -1 ? null : { username: text.slice(0, colon), password: text.slice(colon + 1) };
  } catch {
    return null;
  }
}

const shaMark = '{SHA}';

/** Compat: after `{SHA}` stands the SHA-1 of the password in lower-case hex, not in base64. */
function isPassword(given: string, stored: string): boolean {
  return stored.startsWith(shaMark)
    ? equalsInConstantTime(createHash('sha1').update(given).digest('hex'), stored.slice(shaMark.length))
    : equalsInConstantTime(given, stored);
}

/** Compares digests, so that neither content nor length shows in the time it takes. */
export function equalsInConstantTime(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}
