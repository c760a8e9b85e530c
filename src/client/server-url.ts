/**
 * Server URLs: `http://host:port` and `unix:///path/to/socket`.
 *
 * Source: Supervisor manual, `serverurl` of `[supervisorctl]`.
 */
import { BadServerUrlError } from './errors.ts';

export type ServerAddress =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number };

/**
 * Where a server URL leads. A path behind `http://host:port` is ignored, the port is 80 without one.
 *
 * @throws BadServerUrlError
 */
export function parseServerUrl(serverUrl: string): ServerAddress {
  if (serverUrl.startsWith('unix://')) {
    const path = serverUrl.slice('unix://'.length);
    if (path !== '') {
      return { kind: 'unix', path };
    }
  }
  if (serverUrl.startsWith('http://') && URL.canParse(serverUrl)) {
    const { hostname, port } = new URL(serverUrl);
    return { kind: 'tcp', host: hostname.replaceAll(/[[\]]/g, ''), port: port === '' ? 80 : Number(port) };
  }
  throw new BadServerUrlError(serverUrl);
}
