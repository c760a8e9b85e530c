/**
 * Which part of the server answers which path.
 */
import type { IncomingMessage } from 'node:http';
import type { Exchange } from './exchange.ts';

export interface Route {
  readonly path: string;
  /** `prefix`: every path that begins so, as the original matches. */
  readonly match: 'exact' | 'prefix';
  /** Methods it answers; any other is refused with status 400. A GET changes nothing. */
  readonly methods: readonly string[];
  handle(exchange: Exchange): void | Promise<void>;
  /** Whether a path of it is answered also to those who have not logged in. */
  isOpen?(path: string): boolean;
  /** Whether a request of it acts on nothing but an address, so that the name of the server has to be right whoever asks. */
  actsByAddress?(request: IncomingMessage): boolean;
  /** Words a refusal that the server makes before the route is asked; a short page otherwise. */
  refuse?(exchange: Exchange, refusal: Refusal): void;
}

export interface Refusal {
  readonly status: number;
  readonly detail: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type RouteChoice =
  { readonly ok: true; readonly route: Route } | { readonly ok: false; readonly status: 400 | 404 };

/**
 * The first route that matches the path. `HEAD` is answered wherever `GET` is.
 *
 * Compat: a method that a path does not know is a bad request (400), also where there is nothing at all.
 */
export function chooseRoute(routes: readonly Route[], method: string, path: string): RouteChoice {
  const asked = method === 'HEAD' ? 'GET' : method;
  const route = routes.find((candidate) =>
    candidate.match === 'exact' ? path === candidate.path : path.startsWith(candidate.path),
  );
  if (route === undefined) {
    return { ok: false, status: asked === 'GET' ? 404 : 400 };
  }
  return route.methods.includes(asked) ? { ok: true, route } : { ok: false, status: 400 };
}
