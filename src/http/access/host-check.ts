/**
 * Refuses requests that a browser was tricked into: a page of `evil.example`, whose name suddenly leads to this
 * machine (DNS rebinding), is of the same origin for the browser, but gives itself away by the name it asks for.
 *
 * With a password there is nothing to be gained by it, since the browser has none for that name, so any host is right then,
 * also the public one of a proxy in front. Without one a host has to be a name that nobody can register.
 */
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { HttpServerSettings } from '../../config/settings.ts';

/** Endings of names that public name servers do not serve. */
const privateEndings = ['.localhost', '.local', '.internal', '.lan', '.home.arpa', '.test'] as const;

/** Whether a server without a password may be meant by this `Host`. */
export function isOwnHost(header: string | undefined, settings: HttpServerSettings): boolean {
  if (header === undefined || header === '') {
    return true;
  }
  const name = hostOf(header);
  if (name === null) {
    return false;
  }
  const configured = settings.family === 'inet' ? settings.host.toLowerCase() : '';
  return (
    isIP(name) !== 0 ||
    !name.includes('.') ||
    privateEndings.some((ending) => name.endsWith(ending)) ||
    name === hostname().toLowerCase() ||
    name === configured ||
    (settings.family === 'inet' && settings.allowedHosts.some((pattern) => matches(pattern, name)))
  );
}

/** `*` is any name, `*.x` every one below `x`. */
function matches(pattern: string, name: string): boolean {
  return pattern === '*' || (pattern.startsWith('*.') ? name.endsWith(pattern.slice(1)) : name === pattern);
}

/** Without port, brackets and a final dot; null for what is no host. */
function hostOf(header: string): string | null {
  const [, bracketed, plain = ''] = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d+)?$/i.exec(header) ?? [];
  const name = (bracketed ?? plain).toLowerCase().replace(/\.$/, '');
  return name === '' ? null : name;
}
