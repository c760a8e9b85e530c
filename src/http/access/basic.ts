/**
 * HTTP Basic authentication.
 *
 * Source: RFC 7617; Supervisor manual, `username` and `password` of the HTTP servers; checklist B3.3.
 */
import type { HttpServerSettings } from '../../config/settings.ts';
import { equalsInConstantTime } from './constant-time.ts';
import { type Verified, verifyPassword } from './password.ts';

export type Credentials = NonNullable<HttpServerSettings['credentials']>;

/** Value of the `WWW-Authenticate` header. */
export const authenticateChallenge = 'Basic realm="default"';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What an `Authorization` header gives; null for another scheme, `malformed` when it is Basic but cannot be read. */
export function readAuthorization(header: string | undefined): Credentials | 'malformed' | null {
  const [scheme = '', encoded] = header?.split(/ (.*)/s) ?? [];
  if (scheme.toLowerCase() !== 'basic' || encoded === undefined) {
    return null;
  }
  return decodeUserAndPassword(encoded) ?? 'malformed';
}

/** Takes the same time whatever is wrong; otherwise as {@link verifyPassword}. */
export function areCredentials(given: Credentials, stored: Credentials): Verified {
  const userMatches = equalsInConstantTime(given.username, stored.username);
  const passwordMatches = verifyPassword(given.password, stored.password);
  return passwordMatches instanceof Promise
    ? passwordMatches.then((matches) => userMatches && matches)
    : passwordMatches && userMatches;
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
