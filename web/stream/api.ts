/**
 * Requests to the daemon's JSON API. Addresses are relative to the page, so that it works below any path that a
 * reverse proxy puts it under.
 */
import type { SessionView } from './wire.ts';

/** What went wrong with a request, in words for the person who made it. */
export class ApiError extends Error {
  /** HTTP status; 0 when there was no answer at all. */
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ApiError';
    this.status = status;
  }
}

interface Problem {
  readonly title?: string;
  readonly detail?: string;
}

let token: string | null = null;
let onUnauthorized: () => void = () => undefined;

/** Called whenever the daemon wants a user and password. */
export function whenUnauthorized(listener: () => void): void {
  onUnauthorized = listener;
}

/** The address of an API resource; segments are escaped, `query` members that are undefined left out. */
export function apiUrl(
  segments: readonly string[],
  query: Readonly<Record<string, string | number | undefined>> = {},
): string {
  const path = segments.map((segment) => encodeURIComponent(segment)).join('/');
  const parameters = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return `api/v1/${path}${parameters.length > 0 ? `?${parameters.join('&')}` : ''}`;
}

/**
 * What is at an address made by `apiUrl`. Throws an `ApiError`. Reading is tried twice where there is no answer: a
 * connection that was kept may be closed by the other side in the very moment it is used.
 */
export async function getJson<T>(url: string, signal?: AbortSignal): Promise<T> {
  const init = { ...(signal && { signal }) };
  let response: Response;
  try {
    response = await send(url, init);
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 0)) {
      throw error;
    }
    response = await send(url, init);
  }
  return (await response.json()) as T;
}

/** Asks the daemon to do something, with the token it wants to see. Throws an `ApiError`. */
export async function postJson<T>(url: string, body: unknown = {}): Promise<T> {
  return act<T>('POST', url, body);
}

/** Who is using the page; also where the token for actions comes from. */
export async function readSession(): Promise<SessionView> {
  const session = await getJson<SessionView>(apiUrl(['session']));
  token = session.token;
  return session;
}

export async function logIn(username: string, password: string): Promise<SessionView> {
  await act('POST', apiUrl(['session']), { username, password });
  return readSession();
}

export async function logOut(): Promise<void> {
  await act('DELETE', apiUrl(['session']), {});
  token = null;
}

/** A token that is not good any more, because the daemon or the user is another, is asked for once more. */
async function act<T>(method: string, url: string, body: unknown): Promise<T> {
  try {
    return await actOnce<T>(method, url, body);
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 403)) {
      throw error;
    }
    await readSession();
    return actOnce<T>(method, url, body);
  }
}

async function actOnce<T>(method: string, url: string, body: unknown): Promise<T> {
  const response = await send(url, {
    method,
    headers: { 'Content-Type': 'application/json', ...(token !== null && { 'X-Supervisor-Token': token }) },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** Headers are a plain record, which can be added to. */
type ApiRequest = Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> };

/** The response, if its status is good. `X-Requested-With` keeps the browser from asking for a password itself. */
export async function send(url: string, init: ApiRequest): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, {
      cache: 'no-store',
      credentials: 'same-origin',
      ...init,
      headers: { ...init.headers, 'X-Requested-With': 'fetch' },
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') {
      throw error;
    }
    throw new ApiError(0, 'the daemon cannot be reached', { cause: error });
  }
  if (response.ok) {
    return response;
  }
  if (response.status === 401) {
    onUnauthorized();
  }
  throw new ApiError(response.status, await messageOf(response));
}

async function messageOf(response: Response): Promise<string> {
  const fallback = `the daemon answered ${response.status} ${response.statusText}`.trim();
  try {
    const { detail, title } = (await response.json()) as Problem;
    return detail ?? title ?? fallback;
  } catch {
    return fallback;
  }
}

/** What to show of anything that was thrown. */
export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
