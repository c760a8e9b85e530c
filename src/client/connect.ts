/** Where other packages begin. */
import { SupervisorClient } from './client.ts';
import type { Credentials } from './transport.ts';

export interface ConnectOptions {
  /** `unix:///path/to/socket` or `http://host:port`; by default that of `SUPERVISOR_SERVER_URL`, which programs are given. */
  readonly serverUrl?: string;
  readonly username?: string;
  readonly password?: string;
  /** Aborts all calls; they reject with its reason. */
  readonly signal?: AbortSignal;
}

/**
 * A client of the daemon at `serverUrl`. Nothing is sent before the first call; `close()` lets go of the connection that is
 * kept for the next one.
 *
 * @throws BadServerUrlError
 */
export function connect(options: ConnectOptions = {}): SupervisorClient {
  const { serverUrl = process.env['SUPERVISOR_SERVER_URL'] ?? '', username, password, signal } = options;
  const credentials: Credentials | null =
    username === undefined ? null : { username, password: password ?? '' };
  return new SupervisorClient({ serverUrl, credentials }, signal);
}
