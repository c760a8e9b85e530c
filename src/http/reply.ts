/**
 * Answers that are complete at once.
 */
import { STATUS_CODES, type ServerResponse } from 'node:http';
import { escapeHtml } from './escape-html.ts';
import type { Refusal } from './routes.ts';

export interface Content {
  readonly contentType: string;
  readonly body: string | Uint8Array;
}

/**
 * Sent with every answer: a page may load only what this server itself serves, is framed by nobody, and nothing is
 * taken for another type than it says.
 */
export const securityHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
};

/** Sends a whole answer. Nothing is kept by caches unless `headers` say so. */
export function sendContent(
  response: ServerResponse,
  status: number,
  { contentType, body }: Content,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, contentHeaders(contentType, Buffer.byteLength(body), headers));
  response.end(body);
}

/** Headers of an answer of so many bytes. */
export function contentHeaders(
  contentType: string,
  bytes: number,
  headers: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string | number>> {
  return {
    ...securityHeaders,
    'Cache-Control': 'no-store',
    ...headers,
    'Content-Type': contentType,
    'Content-Length': bytes,
  };
}

/** Sends a short page that names the status. */
export function sendError(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): void {
  sendContent(response, status, errorPage(status), headers);
}

/** The same with a sentence that says why. */
export function sendRefusal(
  response: ServerResponse,
  { status, detail, headers }: Pick<Refusal, 'status' | 'detail' | 'headers'>,
): void {
  sendContent(response, status, errorPage(status, detail), headers);
}

function errorPage(status: number, detail = ''): Content {
  const title = `${status} ${STATUS_CODES[status] ?? 'Error'}`;
  return {
    contentType: 'text/html; charset=utf-8',
    body: `<!doctype html>\n<title>${title}</title>\n<h1>${title}</h1>\n${detail === '' ? '' : `<p>${escapeHtml(detail)}</p>\n`}`,
  };
}
