/** Options of `[unix_http_server]` and `[inet_http_server]`. */
import { owner } from './identities.ts';
import { inetAddress } from './inet-address.ts';
import { hostNames } from './host-names.ts';
import { networks } from './networks.ts';
import { fileMode } from './numbers.ts';
import { option, optional, required } from './option.ts';
import { parseStoredPassword } from '../stored-password.ts';
import type { Converter } from './converter.ts';
import { parsed } from '../python/parsed.ts';
import { text } from './words.ts';

/** Any text, but what begins with `{SCRYPT}` must be such a hash. */
const serverPassword: Converter<string> = {
  parse: (text) => {
    const password = parseStoredPassword(text);
    return password.ok ? parsed(text) : password;
  },
  expected: 'what `supervisord --hash-password` prints, or a password that begins differently',
};

const credentials = {
  username: optional({
    convert: text,
    meaning: 'Name that clients have to give; comes with `password`.',
    example: 'user',
  }),
  password: optional({
    convert: serverPassword,
    meaning:
      'Password that clients have to give; or `{SCRYPT}` and a hash of it, as `supervisord --hash-password` prints them (not of Supervisor); or `{SHA}` and its SHA-1 sum in hexadecimal digits.',
    example: '123',
  }),
};

export const unixHttpServerOptions = {
  file: required({
    convert: text,
    meaning: 'Path of the socket.',
    example: '/tmp/supervisor.sock',
  }),
  chmod: option({
    convert: fileMode((value) => `Invalid chmod value ${value}`),
    fallback: 0o700,
    shownDefault: '0700',
    meaning: 'Permissions of the socket, octal.',
    example: '0700',
  }),
  chown: optional({
    convert: owner((value) => `Invalid sockchown value ${value}`),
    meaning: 'Owner of the socket: `user` or `user:group`, by names or numbers.',
    example: 'root:root',
  }),
  ...credentials,
};

export const inetHttpServerOptions = {
  port: required({
    convert: inetAddress,
    meaning:
      'Address to listen on: `host:port`; `*:port`, `:port` or `port` alone for all addresses. Without a user name and password, anybody who reaches it controls the daemon.',
    example: '127.0.0.1:9001',
  }),
  ...credentials,
  allowed_hosts: option({
    convert: hostNames,
    fallback: [],
    shownDefault: 'none',
    meaning:
      'Names besides those of this machine by which a server without a password may be asked for, such as that of a proxy in front: `ops.example.com`, `*.example.com` for all names below one, `*` for any. Not of Supervisor.',
    example: 'ops.example.com',
  }),
  trusted_proxies: option({
    convert: networks,
    fallback: [],
    shownDefault: 'none',
    meaning:
      'Addresses or networks of proxies in front whose `X-Forwarded-For` is believed, so that wrong passwords count for the clients they come from and not for the proxy. Not of Supervisor.',
    example: '127.0.0.1, 10.0.0.0/8',
  }),
};
