/**
 * Keeps pages of other sites from acting through a visitor's browser.
 *
 * Only browsers send these headers, so scripts and XML-RPC clients are never concerned.
 * Source: Fetch Metadata Request Headers (W3C), RFC 6454.
 */
import type { IncomingHttpHeaders } from 'node:http';

/** Whether a request that changes something was made by a page of another origin. */
export function isForeignOrigin(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) {
    return site !== 'same-origin' && site !== 'none';
  }
  const { origin, host } = headers;
  return origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`;
}
