/**
 * Addresses of the original's page, which bookmarks and scripts use. Those that read answer as they did. Those that act do so at
 * once for a script, with the original's answer; a browser, which any page can make ask for an address, is asked
 * first: by a page with a form, which carries it out when it is sent, and then leads back to `/?message=...`.
 *
 * Source: checklist B19.2 and B19.4.
 */
import type { IncomingMessage } from 'node:http';
import { constants, gzipSync } from 'node:zlib';
import { readWindow } from '../../logging/log-window.ts';
import type { RpcHost } from '../../rpc/dispatch.ts';
import { findProcess } from '../../rpc/find-processes.ts';
import { RpcFault } from '../../rpc/faults.ts';
import { hasToken } from '../access/gate.ts';
import { isForeignOrigin, isFromScript } from '../access/origin.ts';
import { announcesBody, type BodyLimits, discardBody, readBody, statusOfBodyFailure } from '../body.ts';
import { type Exchange, queryOf } from '../exchange.ts';
import { leastCompressedBytes, takesGzip } from '../compression.ts';
import { type Content, securityHeaders, sendContent, sendError } from '../reply.ts';
import type { Route } from '../routes.ts';
import { carryOut, legacyActions } from './actions.ts';
import { escapeHtml } from '../escape-html.ts';
import { htmlPage } from './html.ts';
import { withProcessTable } from './page-table.ts';
import { actAsAsked } from './scripted.ts';

const formLimits: BodyLimits = { maxBytes: 16 * 1024, timeoutMs: 15_000 };

/** `page` answers `/` and `/index.html` where no action is asked for; null: there is no page. */
export function legacyRoutes(host: RpcHost, page: Content | null): readonly Route[] {
  const answerIndex = (exchange: Exchange): void | Promise<void> => {
    const { request, response } = exchange;
    if (request.method === 'POST') {
      return act(host, exchange);
    }
    const query = queryOf(request.url ?? '');
    const action = query.get('action') ?? '';
    if (action === '') {
      return page === null ? sendError(response, 404) : sendPage(host, page, exchange);
    }
    return isFromScript(request.headers) && request.method === 'GET'
      ? obey(host, exchange, query)
      : confirm(exchange, action);
  };
  const actsByAddress = (request: IncomingMessage): boolean =>
    request.method === 'POST' || queryOf(request.url ?? '').has('action');
  const index = { match: 'exact', methods: ['GET', 'POST'], handle: answerIndex, actsByAddress } as const;
  return [
    { path: '/', ...index },
    { path: '/index.html', ...index },
    { path: '/tail.html', match: 'exact', methods: ['GET'], handle: (exchange) => tail(host, exchange) },
  ];
}

/** The document with what is current in it, for browsers that run no script and for programs that read it. */
function sendPage(host: RpcHost, page: Content, { request, response }: Exchange): void {
  const message = queryOf(request.url ?? '').get('message') ?? '';
  const body = withProcessTable(page.body.toString(), host, message);
  const content = { contentType: page.contentType, body };
  const headers = { 'Cache-Control': 'no-store', Vary: 'Accept-Encoding' };
  if (body.length >= leastCompressedBytes && takesGzip(request.headers['accept-encoding'])) {
    const compressed = gzipSync(body, { level: constants.Z_BEST_SPEED });
    sendContent(response, 200, { ...content, body: compressed }, { ...headers, 'Content-Encoding': 'gzip' });
  } else {
    sendContent(response, 200, content, headers);
  }
}

/** Does what a script asks for, and answers as the original does. */
async function obey(host: RpcHost, exchange: Exchange, fields: URLSearchParams): Promise<void> {
  const { request, response, access } = exchange;
  const caller = { interface: 'page', user: access.user } as const;
  const [word, name] = [fields.get('action') ?? '', fields.get('processname') ?? ''];
  const message = await actAsAsked(host, word, name, caller);
  if (message === null) {
    sendError(response, 500);
    return;
  }
  const location = `http://${request.headers.host ?? 'localhost'}/?message=${quote(message)}`;
  sendError(response, 301, { Location: location });
}

/** Source: Python's `urllib.parse.quote`, which leaves slashes. */
function quote(text: string): string {
  return encodeURIComponent(text)
    .replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%2F', '/');
}

function confirm({ request, response, access }: Exchange, word: string): void {
  const name = queryOf(request.url ?? '').get('processname') ?? '';
  const action = legacyActions.get(word);
  if (word === 'refresh') {
    redirect(response, 'Page refreshed');
  } else if (action === undefined || (action.needsName && name === '')) {
    const problem = action === undefined ? `There is no action ${word}` : 'There is no processname';
    sendContent(response, 400, htmlPage('Supervisor', `<p>${escapeHtml(problem)}</p>`));
  } else {
    const fields = { action: word, processname: name, token: access.token };
    const inputs = Object.entries(fields).map(
      ([field, value]) => `<input type="hidden" name="${field}" value="${escapeHtml(value)}">`,
    );
    const form =
      `<form method="post" action="index.html">\n${inputs.join('\n')}\n` +
      '<button type="submit">Yes</button> <a href="index.html">No</a>\n</form>';
    const question = `<h1>${escapeHtml(action.question(name))}</h1>`;
    sendContent(response, 200, htmlPage('Supervisor', `${question}\n${form}`));
  }
}

async function act(host: RpcHost, exchange: Exchange): Promise<void> {
  const { request, response, access } = exchange;
  if (isForeignOrigin(request.headers)) {
    await discardBody(exchange);
    sendError(response, 403);
    return;
  }
  const read = announcesBody(request) ? await readBody(exchange, formLimits) : null;
  if (read === null || !read.ok) {
    sendError(response, read === null ? 411 : statusOfBodyFailure[read.reason], { Connection: 'close' });
    return;
  }
  const form = new URLSearchParams(read.body.toString());
  if (isFromScript(request.headers) && !form.has('token')) {
    await obey(host, exchange, form);
    return;
  }
  const name = form.get('processname') ?? '';
  const action = legacyActions.get(form.get('action') ?? '');
  if (!hasToken(access, form.get('token') ?? undefined)) {
    sendError(response, 403);
  } else if (action === undefined || (action.needsName && name === '')) {
    sendError(response, 400);
  } else {
    redirect(response, await carryOut(host, action, name, { interface: 'page', user: access.user }));
  }
}

/** Relative, so that it is right behind any proxy. */
function redirect(response: Exchange['response'], message: string): void {
  response.writeHead(303, {
    ...securityHeaders,
    'Cache-Control': 'no-store',
    Location: `./?message=${encodeURIComponent(message)}`,
    'Content-Length': 0,
  });
  response.end();
}

const leastBytes = 1024;
const mostBytes = 1024 * 1024;

async function tail(host: RpcHost, { request, response, signal }: Exchange): Promise<void> {
  const query = queryOf(request.url ?? '');
  const name = query.get('processname') ?? '';
  const limit = Number.parseInt(query.get('limit') ?? '', 10);
  const bytes = Math.min(Math.max(Number.isNaN(limit) ? leastBytes : limit, leastBytes), mostBytes);
  const title = name === '' ? 'Supervisor: no process name' : `Supervisor: tail of ${name}`;
  const text = await tailText(host, name, bytes, signal);
  const parameters = new URLSearchParams({ processname: name, limit: String(bytes) });
  const refresh = `<form><button>Refresh</button>${[...parameters]
    .map(([field, value]) => `<input type="hidden" name="${field}" value="${escapeHtml(value)}">`)
    .join('')}</form>`;
  sendContent(response, 200, htmlPage(title, `<pre>${escapeHtml(text)}</pre>\n${refresh}`));
}

async function tailText(
  { control, reader }: RpcHost,
  name: string,
  bytes: number,
  signal: AbortSignal,
): Promise<string> {
  try {
    const { stdoutLogPath } = findProcess(control, name);
    const window =
      stdoutLogPath === null
        ? null
        : await readWindow({ reader, path: stdoutLogPath, signal }, -bytes, bytes);
    return window?.text ?? 'ERROR: there is no log';
  } catch (error) {
    if (error instanceof RpcFault) {
      return `ERROR: ${error.message}`;
    }
    throw error;
  }
}
