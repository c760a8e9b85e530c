/**
 * Addresses of the original's page, which bookmarks and scripts use. Those that read answer as they did; those that act
 * ask first, since a GET changes nothing: a page with a form, which carries it out when it is sent, and then leads back to
 * `/?message=...`.
 *
 * Source: checklist B19.2 and B19.4.
 */
import { readWindow } from '../../logging/log-window.ts';
import type { RpcHost } from '../../rpc/dispatch.ts';
import { findProcess } from '../../rpc/find-processes.ts';
import { RpcFault } from '../../rpc/faults.ts';
import { hasToken } from '../access/gate.ts';
import { isForeignOrigin } from '../access/origin.ts';
import { announcesBody, type BodyLimits, discardBody, readBody } from '../body.ts';
import { type Exchange, queryOf } from '../exchange.ts';
import { securityHeaders, sendContent, sendError } from '../reply.ts';
import type { Route } from '../routes.ts';
import { carryOut, legacyActions } from './actions.ts';
import { escapeHtml, htmlPage } from './html.ts';

const formLimits: BodyLimits = { maxBytes: 16 * 1024, timeoutMs: 15_000 };

/** `page` answers `/` and `/index.html` where no action is asked for; null: there is no page. */
export function legacyRoutes(host: RpcHost, page: Route | null): readonly Route[] {
  const answerIndex = (exchange: Exchange): void | Promise<void> => {
    if (exchange.request.method === 'POST') {
      return act(host, exchange);
    }
    const action = queryOf(exchange.request.url ?? '').get('action') ?? '';
    if (action === '') {
      return page === null ? sendError(exchange.response, 404) : page.handle(exchange);
    }
    confirm(exchange, action);
  };
  return [
    { path: '/', match: 'exact', methods: ['GET', 'POST'], handle: answerIndex },
    { path: '/index.html', match: 'exact', methods: ['GET', 'POST'], handle: answerIndex },
    { path: '/tail.html', match: 'exact', methods: ['GET'], handle: (exchange) => tail(host, exchange) },
  ];
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
    await discardBody(request);
    sendError(response, 403);
    return;
  }
  const read = announcesBody(request) ? await readBody(request, formLimits) : null;
  if (read === null || !read.ok) {
    sendError(response, read === null ? 411 : 413, { Connection: 'close' });
    return;
  }
  const form = new URLSearchParams(read.body.toString());
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

function tail({ control, io }: RpcHost, { request, response }: Exchange): void {
  const query = queryOf(request.url ?? '');
  const name = query.get('processname') ?? '';
  const limit = Number.parseInt(query.get('limit') ?? '', 10);
  const bytes = Math.min(Math.max(Number.isNaN(limit) ? leastBytes : limit, leastBytes), mostBytes);
  const title = name === '' ? 'Supervisor: no process name' : `Supervisor: tail of ${name}`;
  const text = tailText(control, io, name, bytes);
  const parameters = new URLSearchParams({ processname: name, limit: String(bytes) });
  const refresh = `<form><button>Refresh</button>${[...parameters]
    .map(([field, value]) => `<input type="hidden" name="${field}" value="${escapeHtml(value)}">`)
    .join('')}</form>`;
  sendContent(response, 200, htmlPage(title, `<pre>${escapeHtml(text)}</pre>\n${refresh}`));
}

function tailText(control: RpcHost['control'], io: RpcHost['io'], name: string, bytes: number): string {
  try {
    const { stdoutLogPath } = findProcess(control, name);
    const window = stdoutLogPath === null ? null : readWindow(io, stdoutLogPath, -bytes, bytes);
    return window?.text ?? 'ERROR: there is no log';
  } catch (error) {
    if (error instanceof RpcFault) {
      return `ERROR: ${error.message}`;
    }
    throw error;
  }
}
