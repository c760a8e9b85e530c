/**
 * Who makes a request of one server, and what he may do: password, session, token.
 *
 * Source: RFC 7617, RFC 6265; Supervisor manual, `username` and `password` of the HTTP servers.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { hostname } from 'node:os';
import type { HttpServerSettings } from '../../config/settings.ts';
import type { Clock } from '../../system/clock.ts';
import { Attempts } from './attempts.ts';
import { areCredentials, checkAuthorization, type Credentials, equalsInConstantTime } from './basic.ts';
import type { Sessions } from './sessions.ts';

/** What became of an attempt to log in. */
export type LogIn =
  | { readonly ok: true; readonly access: Access; readonly cookie: string }
  /** `waitSecs`: too many wrong ones came from this address; null: the credentials are wrong. */
  | { readonly ok: false; readonly waitSecs: number | null };

/** What a request is entitled to. */
export interface Access {
  readonly verdict: 'granted' | 'denied' | 'malformed';
  /** Seconds to wait, when it was denied because too many wrong passwords came from this address. */
  readonly waitSecs: number | null;
  /** Whether this server asks for a password. */
  readonly isRequired: boolean;
  /** Who has shown to be it; null where nobody has to, or has. */
  readonly user: string | null;
  /** What every request of his that changes something has to bring with it, so that it is no other page's. */
  readonly token: string;
}

export class Gate {
  readonly #settings: HttpServerSettings;
  readonly #sessions: Sessions;
  readonly #attempts: Attempts;
  readonly #cookieName: string;

  constructor(settings: HttpServerSettings, sessions: Sessions, clock: Pick<Clock, 'monotonicMs'>) {
    this.#settings = settings;
    this.#sessions = sessions;
    this.#attempts = new Attempts(clock);
    this.#cookieName = cookieNameOf(settings);
  }

  examine(request: IncomingMessage): Access {
    const { credentials } = this.#settings;
    if (credentials === null) {
      return this.#access('granted', null);
    }
    const { authorization } = request.headers;
    const session = this.#sessionOf(request);
    const user = session === null ? null : this.#sessions.userOf(session, credentials);
    if (user !== null) {
      return this.#access('granted', user);
    }
    if (authorization === undefined) {
      return this.#access('denied', null);
    }
    const tried = this.#try(request, ['basic', authorization], () =>
      checkAuthorization(authorization, credentials),
    );
    return typeof tried === 'number'
      ? this.#access('denied', null, tried)
      : tried === 'allowed'
        ? this.#access('granted', credentials.username)
        : this.#access(tried, null);
  }

  /** Begins a session with the right credentials. */
  logIn(request: IncomingMessage, given: Credentials): LogIn {
    const { credentials } = this.#settings;
    if (credentials === null) {
      return { ok: false, waitSecs: null };
    }
    const tried = this.#try(request, ['form', given.username, given.password], () =>
      areCredentials(given, credentials) ? 'allowed' : 'denied',
    );
    if (tried !== 'allowed') {
      return { ok: false, waitSecs: typeof tried === 'number' ? tried : null };
    }
    const access = this.#access('granted', credentials.username);
    return { ok: true, access, cookie: this.#cookie(request, this.#sessions.begin(credentials)) };
  }

  /** Ends the session of the request; the result takes its cookie back. */
  logOut(request: IncomingMessage): string {
    this.#sessions.end(this.#sessionOf(request) ?? '');
    return `${this.#cookie(request, '')}; Max-Age=0`;
  }

  /** What the check says, or the seconds to wait before there is another. */
  #try<Verdict extends string>(
    request: IncomingMessage,
    what: readonly string[],
    check: () => Verdict,
  ): Verdict | 'denied' | number {
    const digest = this.#sessions.digest(...what);
    const judged = this.#attempts.judge(request, digest);
    if (judged !== 0) {
      return judged === 'known' ? 'denied' : judged;
    }
    const verdict = check();
    if (verdict === 'denied') {
      this.#attempts.failed(request, digest);
    }
    return verdict;
  }

  #access(verdict: Access['verdict'], user: string | null, waitSecs: number | null = null): Access {
    const { section, credentials } = this.#settings;
    const sessions = this.#sessions;
    return {
      verdict,
      waitSecs,
      isRequired: credentials !== null,
      user,
      // Made when it is asked for, which most requests do not.
      get token() {
        return sessions.digest('token', section, user ?? '');
      },
    };
  }

  #sessionOf({ headers }: IncomingMessage): string | null {
    for (const pair of headers.cookie?.split(';') ?? []) {
      const [name, value = ''] = pair.trim().split('=', 2);
      if (name === this.#cookieName) {
        return value;
      }
    }
    return null;
  }

  #cookie({ headers }: IncomingMessage, value: string): string {
    const secure = headers['x-forwarded-proto'] === 'https' ? '; Secure' : '';
    return `${this.#cookieName}=${value}; Path=/; HttpOnly; SameSite=Strict${secure}`;
  }
}

/** Whether a request that changes something brought the token of its sender. */
export function hasToken(access: Access, token: string | undefined): boolean {
  return token !== undefined && equalsInConstantTime(token, access.token);
}

/** Cookies are the same for all ports of a host, so that each server needs a name of its own. */
function cookieNameOf(settings: HttpServerSettings): string {
  const address = settings.family === 'inet' ? `${settings.host}:${settings.port}` : settings.file;
  const identity = JSON.stringify([hostname(), settings.section, address]);
  return `supervisor_${createHash('sha256').update(identity).digest('hex').slice(0, 8)}`;
}
