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
import { networkOf, TrustedProxies } from './addresses.ts';
import { Penalties } from './penalties.ts';
import { areCredentials, type Credentials, readAuthorization } from './basic.ts';
import { equalsInConstantTime } from './constant-time.ts';
import type { Sessions } from './sessions.ts';

/** What became of an attempt to log in. `dropped`: wrong, and so many others are that it gets no answer. */
export type LogIn =
  | { readonly ok: true; readonly access: Access; readonly cookie: string }
  | { readonly ok: false; readonly dropped: boolean };

/** What a request is entitled to. */
export interface Access {
  /** `dropped`: denied, and so many wrong passwords of its address wait for their answers that it gets none. */
  readonly verdict: 'granted' | 'denied' | 'malformed' | 'dropped';
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
  readonly #penalties: Penalties;
  readonly #proxies: TrustedProxies;
  readonly #warn: (message: string) => void;
  readonly #cookieName: string;

  /** `warn` takes what is for the activity log. */
  constructor(
    settings: HttpServerSettings,
    { sessions, clock, warn }: { sessions: Sessions; clock: Clock; warn: (message: string) => void },
  ) {
    this.#settings = settings;
    this.#sessions = sessions;
    this.#penalties = new Penalties(clock);
    this.#proxies = new TrustedProxies(settings.family === 'inet' ? settings.trustedProxies : []);
    this.#warn = warn;
    this.#cookieName = cookieNameOf(settings);
  }

  /**
   * Who asks. What is wrong is answered late; rejects with the reason of `signal` when nobody waits for that any more.
   */
  async examine(request: IncomingMessage, signal: AbortSignal): Promise<Access> {
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
    const given = readAuthorization(authorization);
    if (given === 'malformed' || given === null) {
      return this.#access(given ?? 'denied', null);
    }
    const tried = await this.#try(request, given, credentials, signal);
    return this.#access(tried, tried === 'granted' ? credentials.username : null);
  }

  /** Begins a session with the right credentials. */
  async logIn(request: IncomingMessage, given: Credentials, signal: AbortSignal): Promise<LogIn> {
    const { credentials } = this.#settings;
    if (credentials === null) {
      return { ok: false, dropped: false };
    }
    const tried = await this.#try(request, given, credentials, signal);
    if (tried !== 'granted') {
      return { ok: false, dropped: tried === 'dropped' };
    }
    const access = this.#access('granted', credentials.username);
    return { ok: true, access, cookie: this.#cookie(request, this.#sessions.begin(credentials)) };
  }

  /** Ends the session of the request; the result takes its cookie back. */
  logOut(request: IncomingMessage): string {
    this.#sessions.end(this.#sessionOf(request) ?? '');
    return `${this.#cookie(request, '')}; Max-Age=0`;
  }

  /** A right password is granted at once, or as soon as it has been checked; a wrong one waits for its answer. */
  async #try(
    request: IncomingMessage,
    given: Credentials,
    stored: Credentials,
    signal: AbortSignal,
  ): Promise<'granted' | 'denied' | 'dropped'> {
    const checked = areCredentials(given, stored);
    const isRight = typeof checked === 'boolean' ? checked : await checked;
    if (isRight === true) {
      return 'granted';
    }
    signal.throwIfAborted();
    return isRight !== null && (await this.#penalize(request, given, signal)) ? 'denied' : 'dropped';
  }

  /** Tells of a wrong password and waits before its answer; false: there are so many that this one gets none. */
  async #penalize(request: IncomingMessage, given: Credentials, signal: AbortSignal): Promise<boolean> {
    const client = this.#proxies.clientOf(request);
    const address = client === null ? 'unix' : networkOf(client);
    const { delayMs, tell } = this.#penalties.wrong(
      address,
      this.#sessions.digest('wrong', given.username, given.password),
    );
    if (tell !== null) {
      this.#warn(`${describeWrong(given.username, client, tell)} [${this.#settings.section}]`);
    }
    if (delayMs === null) {
      return false;
    }
    if (client === null) {
      // Who may open a socket file is decided by its mode.
      this.#penalties.served(address);
    } else {
      await this.#penalties.serve(address, delayMs, signal);
    }
    return true;
  }

  #access(verdict: Access['verdict'], user: string | null): Access {
    const { section, credentials } = this.#settings;
    const sessions = this.#sessions;
    return {
      verdict,
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

/** Characters of a name that was given. */
const maxNameLength = 64;

function describeWrong(username: string, client: string | null, count: number): string {
  const name = JSON.stringify(username.slice(0, maxNameLength));
  const often = count === 1 ? '' : `, ${count} times since this was told last`;
  return `wrong user name or password: ${name} from ${client ?? 'a socket file'}${often}, at`;
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
