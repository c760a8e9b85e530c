/** Plain HTTP requests to a TCP port of this machine or to a unix socket. */
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';

import { deadlineMs } from './wait.ts';

/** Where a server listens. */
export type HttpTarget = { readonly port: number } | { readonly socketPath: string };

export interface HttpRequest {
  readonly method?: string;
  readonly credentials?: { readonly username: string; readonly password: string };
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends one request over a connection of its own. Rejects when the server cannot be reached or hangs. */
export function httpRequest(
  target: HttpTarget,
  path: string,
  options: HttpRequest = {},
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        ...('port' in target ? { host: '127.0.0.1', port: target.port } : target),
        path,
        method: options.method ?? 'GET',
        headers: options.headers ?? {},
        agent: false,
        timeout: deadlineMs,
        ...(options.credentials === undefined
          ? {}
          : { auth: `${options.credentials.username}:${options.credentials.password}` }),
      },
      (answer) => {
        let body = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => {
          body += chunk;
        });
        answer.on('error', reject);
        answer.on('end', () => {
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body });
        });
      },
    );
    outgoing.on('timeout', () => {
      outgoing.destroy(new Error(`no answer to ${path} in ${deadlineMs} ms`));
    });
    outgoing.on('error', reject);
    outgoing.end(options.body);
  });
}

export function httpGet(target: HttpTarget, path: string, options: HttpRequest = {}): Promise<HttpAnswer> {
  return httpRequest(target, path, options);
}
