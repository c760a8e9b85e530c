/**
 * One request and its answer, as the routes see them.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Access, Gate } from './access/gate.ts';
import type { Room } from './limits/room.ts';

export interface Exchange {
  /** Who asks, and what he may do. */
  readonly access: Access;
  /** Of the server that was asked. */
  readonly gate: Gate;
  /** For the bodies of all requests of the server. */
  readonly bodies: Room;
  /** For what is read for their answers. */
  readonly answers: Room;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Decoded, without the query. */
  readonly path: string;
  /** Aborted when the client is gone or the server closes before the answer is complete. */
  readonly signal: AbortSignal;
  /** Calls back once the answer is complete or the connection gone; at once when that is so already. */
  whenOver(callback: () => void): void;
}

/** The decoded path of a request target such as `/logtail/a%3Ab?x=1`; null when it makes no sense. */
export function pathOf(target: string): string | null {
  try {
    return decodeURIComponent(rawPathOf(target));
  } catch {
    return null;
  }
}

/**
 * The path as it was sent, without the query; throws what `URL` does for a target that makes no sense. Several slashes at its
 * beginning count as one, since that is what a proxy makes of `location /supervisor { proxy_pass http://host:port/; }`.
 */
export function rawPathOf(target: string): string {
  // A target may also be a whole URL, which proxies send.
  const path = target.startsWith('/') ? target : new URL(target).pathname;
  return path.replace(/[?#].*$/s, '').replace(/^\/+/, '/');
}

/** The query of a request target, empty without one. */
export function queryOf(target: string): URLSearchParams {
  return new URLSearchParams(/^[^?#]*\?([^#]*)/.exec(target)?.[1] ?? '');
}
