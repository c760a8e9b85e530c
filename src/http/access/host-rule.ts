/** Whether a request may ask one server for the host that it names, and what is said of those that may not. */
import type { IncomingMessage } from 'node:http';
import type { HttpServerSettings } from '../../config/settings.ts';
import type { Refusal, Route } from '../routes.ts';
import { isOwnHost } from './host-check.ts';
import { isFromBrowser } from './origin.ts';
import { RefusedHosts } from './refused-hosts.ts';

export class HostRule {
  readonly #settings: HttpServerSettings;
  readonly #refused = new RefusedHosts();

  constructor(settings: HttpServerSettings) {
    this.#settings = settings;
  }

  /**
   * XML-RPC clients may use any name. Whoever reads, a browser, and who uses what the original does not have, one that is
   * ours: a page that was loaded under another name can look like any program when it reads, but a call of its brings
   * its origin. `warn` takes what is for the activity log.
   */
  refusalOf(
    request: IncomingMessage,
    route: Route | null,
    { nowMs, warn }: { readonly nowMs: number; readonly warn: (message: string) => void },
  ): Refusal | null {
    if (!this.#concerns(request, route) || isOwnHost(request.headers.host, this.#settings)) {
      return null;
    }
    const host = request.headers.host ?? '';
    const remedy =
      `Set username and password in [${this.#settings.section}], ` +
      'or allowed_hosts to the names it may be asked for by';
    const told = this.#refused.tell(host, nowMs);
    if (told !== null) {
      warn(`refused a request for the host ${JSON.stringify(told)}: ${remedy}`);
    }
    return {
      status: 421,
      detail: `${host} is no name of this machine, and this server has no password. ${remedy}`,
      headers: {},
    };
  }

  #concerns(request: IncomingMessage, route: Route | null): boolean {
    const { family, credentials } = this.#settings;
    return (
      family === 'inet' &&
      credentials === null &&
      (request.method === 'GET' ||
        request.method === 'HEAD' ||
        isFromBrowser(request.headers) ||
        route?.refuse !== undefined ||
        route?.actsByAddress?.(request) === true)
    );
  }
}
