/**
 * HTTP Basic authentication.
 *
 * Source: RFC 7617; Supervisor manual, `username` and `password` of the HTTP servers; checklist B3.3.
 */
import type { HttpServerSettings } from '../../config/settings.ts';
import { equalsInConstantTime } from './constant-time.ts';
import { verifyPassword } from './password.ts';

export { equalsInConstantTime } from './constant-time.ts';

export type Credentials = NonNullable<HttpServerSettings['credentials']>;

/** Value of the `WWW-Authenticate` header. */
export const authenticateChallenge = 'Basic realm="default"';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * What an `Authorization` header is worth; `malformed` when its scheme is Basic but it cannot be read.
 * Takes the same time whether the user, the password or nothing of both is right.
 */
export function checkAuthorization(
  header: string | undefined,
  credentials: Credentials,
): 'allowed' | 'denied' | 'malformed' {
  const [scheme = '', encoded] = header?.split(/ (.*)/s) ?? [];
  if (scheme.toLowerCase() !== 'basic' || encoded === undefined) {
    return 'denied';
  }
  const given = decodeUserAndPassword(encoded);
  if (given === null) {
    return 'malformed';
  }
  return areCredentials(given, credentials) ? 'allowed' : 'denied';
}

/** Takes the same time whatever is wrong. A password that takes time to check is wrong until it has been found to be right. */
export function areCredentials(given: Credentials, stored: Credentials): boolean {
  const userMatches = equalsInConstantTime(given.username, stored.username);
  const passwordMatches = verifyPassword(given.password, stored.password) === true;
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
