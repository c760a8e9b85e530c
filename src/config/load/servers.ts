/** Reads `[inet_http_server]` and `[unix_http_server]` sections (B3, B4). */
import { inetHttpServerOptions, unixHttpServerOptions } from '../options/http-server.ts';
import { fullPath } from '../python/paths.ts';
import { strip } from '../python/text.ts';
import type { HttpServerSettings } from '../settings.ts';
import { SectionReader, type LoadContext } from './context.ts';

/** All servers in the order in which they are opened. */
export function readServers(context: LoadContext): HttpServerSettings[] {
  // Compat: any header that begins so is a server, with a colon or without.
  const ofKind = (kind: string): string[] =>
    context.document.sections().filter((section) => section.startsWith(kind));
  return [
    ...ofKind('inet_http_server').map((section) => readInetServer(context, section)),
    ...ofKind('unix_http_server').map((section) => readUnixServer(context, section)),
  ];
}

function readInetServer(context: LoadContext, section: string): HttpServerSettings {
  const rows = inetHttpServerOptions;
  const reader = new SectionReader(context, section, new Map());
  const credentials = readCredentials(reader);
  const address = reader.read('port', rows.port);
  if (reader.raw('port') === null) {
    reader.error(`section [${section}] has no port value`, { expected: rows.port.convert.expected });
  }
  const { host, port } = address ?? { host: '', port: 0 };
  const allowedHosts = reader.read('allowed_hosts', rows.allowed_hosts);
  const trustedProxies = reader.read('trusted_proxies', rows.trusted_proxies);
  return context.made(
    { section, name: nameOf(section), credentials, family: 'inet', host, port, allowedHosts, trustedProxies },
    section,
  );
}

function readUnixServer(context: LoadContext, section: string): HttpServerSettings {
  const rows = unixHttpServerOptions;
  const withHere = new SectionReader(context, section, new Map([['here', context.here]]));
  const file = withHere.read('file', rows.file);
  if (withHere.raw('file') === null) {
    withHere.error(`section [${section}] has no file value`, { expected: 'the path of a socket' });
  }
  const path = fullPath(strip(file ?? ''), context.world);
  const reader = new SectionReader(context, section, new Map());
  const credentials = readCredentials(reader);
  const chown = reader.read('chown', rows.chown) ?? ([-1, -1] as const);
  const chmod = reader.read('chmod', rows.chmod);
  return context.made(
    { section, name: nameOf(section), credentials, family: 'unix', file: path, chmod, chown },
    section,
  );
}

/** B3.3: both or neither. */
function readCredentials(reader: SectionReader): HttpServerSettings['credentials'] {
  const username = reader.read('username', inetHttpServerOptions.username);
  const password = reader.read('password', inetHttpServerOptions.password);
  const hasName = reader.raw('username') !== null;
  const hasPassword = reader.raw('password') !== null;
  if (hasName !== hasPassword) {
    reader.error(
      `Section [${reader.section}] contains incomplete authentication: If a username or a password is specified, both the username and password must be specified`,
      { option: hasName ? 'username' : 'password', expected: 'both username and password, or neither' },
    );
  }
  return username === null || password === null ? null : { username, password };
}

function nameOf(section: string): string | null {
  const colon = section.indexOf(':');
  return colon === -1 ? null : section.slice(colon + 1);
}
