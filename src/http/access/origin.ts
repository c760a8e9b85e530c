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
  const { origin } = headers;
  if (origin === undefined) {
    return false;
  }
  // A proxy in front may name the host that the browser asked for; a page cannot make a browser send that.
  const forwarded = headers['x-forwarded-host'];
  const hosts = [headers.host, ...(typeof forwarded === 'string' ? [forwarded] : [])];
  return !hosts.some((host) => origin === `http://${host}` || origin === `https://${host}`);
}

/**
 * Whether no browser can have made the request: each calls itself Mozilla, whatever a page does, and most requests bring
 * one of the others. (A page that was loaded under our own name may change the first; the check of the name keeps it out.)
 */
export function isFromScript(headers: IncomingHttpHeaders): boolean {
  const { origin, referer, cookie } = headers;
  return (
    headers['user-agent']?.includes('Mozilla/') !== true &&
    origin === undefined &&
    referer === undefined &&
    cookie === undefined &&
    !Object.keys(headers).some((name) => name.startsWith('sec-fetch-'))
  );
}

/**
 * Whether a browser made the request. All of them call themselves Mozilla; the other headers some send, and not to a plain
 * `http:` address other than localhost.
 */
export function isFromBrowser(headers: IncomingHttpHeaders): boolean {
  return (
    headers.origin !== undefined ||
    headers['sec-fetch-site'] !== undefined ||
    headers['user-agent']?.startsWith('Mozilla/') === true
  );
}
