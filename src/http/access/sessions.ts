/**
 * Who has logged in on the page, and the secret that tokens are made of. Kept in memory, so that the end of the daemon ends
 * all sessions; a restart of its configuration ends those whose password was changed.
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '../../system/clock.ts';
import type { Credentials } from './basic.ts';

interface Session {
  readonly username: string;
  /** Of the credentials it was begun with. */
  readonly digest: string;
  readonly endsAtMs: number;
  idleSinceMs: number;
}

const maxIdleMs = 12 * 3_600_000;
const maxAgeMs = 7 * 24 * 3_600_000;
/** Beyond this, the session that was begun first is ended. */
const maxSessions = 1000;

export class Sessions {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #secret = randomBytes(32);
  readonly #sessions = new Map<string, Session>();

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  /** What only this daemon can make of a text; tells nothing of the text. */
  digest(...texts: readonly string[]): string {
    return createHmac('sha256', this.#secret).update(JSON.stringify(texts)).digest('base64url');
  }

  /** Begins a session; the result is what the client has to show from now on. */
  begin(credentials: Credentials): string {
    const id = randomBytes(32).toString('base64url');
    const nowMs = this.#clock.monotonicMs();
    this.#sessions.set(id, {
      username: credentials.username,
      digest: this.#digestOf(credentials),
      endsAtMs: nowMs + maxAgeMs,
      idleSinceMs: nowMs,
    });
    if (this.#sessions.size > maxSessions) {
      const [oldest = ''] = this.#sessions.keys();
      this.#sessions.delete(oldest);
    }
    return id;
  }

  end(id: string): void {
    this.#sessions.delete(id);
  }

  /** Whose session it is; null when it is none, has ended, or was begun with other credentials than these. */
  userOf(id: string, credentials: Credentials): string | null {
    const session = this.#sessions.get(id);
    const nowMs = this.#clock.monotonicMs();
    if (session === undefined || session.digest !== this.#digestOf(credentials)) {
      return null;
    }
    if (nowMs >= session.endsAtMs || nowMs >= session.idleSinceMs + maxIdleMs) {
      this.#sessions.delete(id);
      return null;
    }
    session.idleSinceMs = nowMs;
    return session.username;
  }

  #digestOf({ username, password }: Credentials): string {
    return this.digest('credentials', username, password);
  }
}
