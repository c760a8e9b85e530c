/**
 * The JSON API: finds the operation, checks the request, runs it, sends its answer or its refusal.
 */
import * as v from 'valibot';
import { RpcFault } from '../../rpc/faults.ts';
import { decodeStrictUtf8 } from '../../logging/utf8.ts';
import { hasToken } from '../access/gate.ts';
import { isForeignOrigin, isFromBrowser } from '../access/origin.ts';
import { announcesBody, type BodyFailure, discardBody, readBody, statusOfBodyFailure } from '../body.ts';
import { type Exchange, queryOf, rawPathOf } from '../exchange.ts';
import { sendContent } from '../reply.ts';
import type { Route } from '../routes.ts';
import type { ApiHost } from './host.ts';
import { answeredItself, type Operation } from './operation.ts';
import { operations } from './operations.ts';
import { isSimpleJson } from './json-shape.ts';
import { matchPath } from './path-template.ts';
import { Problem, problemOfFault, sendProblem } from './problem.ts';

const apiPrefix = '/api/v1';

/** Milliseconds that a body may take to come. */
const bodyTimeoutMs = 30_000;
/** Of the members of a refused request, so many are named. */
const maxIssues = 10;

export function apiRoute(host: ApiHost): Route {
  return {
    path: `${apiPrefix}/`,
    match: 'prefix',
    // Others are refused here, with a problem.
    methods: ['GET', 'POST', 'DELETE', 'PUT', 'PATCH', 'OPTIONS'],
    isOpen: (path) => operations.some((operation) => operation.isOpen && path === apiPrefix + operation.path),
    refuse: ({ request, response }, { status, detail, headers }) => {
      // The page has a form of its own, which a browser's must not hide.
      const { 'WWW-Authenticate': challenge, ...others } = headers;
      const isForProgram = challenge !== undefined && !isFromBrowser(request.headers);
      sendProblem(response, new Problem(status, detail, { headers: isForProgram ? headers : others }));
    },
    handle: (exchange) => answer(host, exchange),
  };
}

async function answer(host: ApiHost, exchange: Exchange): Promise<void> {
  const { request, response, signal } = exchange;
  try {
    const { operation, path } = choose(request.method ?? '', request.url ?? '');
    const query = parse(operation.query, Object.fromEntries(queryOf(request.url ?? '')), 'query');
    if (operation.method !== 'GET') {
      checkSender(exchange);
    }
    const body =
      operation.body === null
        ? null
        : parse(operation.body, await readJson(exchange, operation.maxBodyBytes), 'body');
    const result = await operation.handle({ host, exchange, path, query, body, signal });
    if (result !== answeredItself) {
      sendContent(response, 200, { contentType: 'application/json', body: JSON.stringify(result) });
    }
  } catch (error) {
    const refusal = error instanceof RpcFault ? problemOfFault(error) : error;
    if (refusal instanceof Problem) {
      await discardRest(exchange);
      sendProblem(response, refusal);
    } else if (!signal.aborted) {
      throw error;
    }
  }
}

/** Reads what a refused request still sends, so that its client sees the answer. */
async function discardRest(exchange: Exchange): Promise<void> {
  const { request } = exchange;
  if (!request.readableEnded && !request.isPaused()) {
    await discardBody(exchange);
  }
}

function choose(
  method: string,
  target: string,
): { readonly operation: Operation; readonly path: Readonly<Record<string, string>> } {
  const asked = method === 'HEAD' ? 'GET' : method;
  const asGiven = rawPathOf(target).slice(apiPrefix.length);
  const allowed: string[] = [];
  for (const operation of operations) {
    const path = matchPath(operation.path, asGiven);
    if (path !== null) {
      if (operation.method === asked) {
        return { operation, path };
      }
      allowed.push(operation.method);
    }
  }
  if (allowed.length > 0) {
    throw new Problem(405, `${method} is not possible here`, { headers: { Allow: allowed.join(', ') } });
  }
  throw new Problem(404, 'There is nothing at this address');
}

/** What changes something must come from our own page, or from a program that has asked for the token. */
function checkSender({ request, access }: Exchange): void {
  const token = request.headers['x-supervisor-token'];
  if (isForeignOrigin(request.headers)) {
    throw new Problem(403, 'The request was made by a page of another origin');
  }
  if (!hasToken(access, typeof token === 'string' ? token : undefined)) {
    throw new Problem(
      403,
      'The header X-Supervisor-Token is missing or out of date: GET /api/v1/session tells it',
    );
  }
}

/** A body that is missing counts as an empty object. */
async function readJson(exchange: Exchange, maxBytes: number): Promise<unknown> {
  if (!announcesBody(exchange.request)) {
    return {};
  }
  const read = await readBody(exchange, { maxBytes, timeoutMs: bodyTimeoutMs });
  if (!read.ok) {
    const details: Readonly<Record<BodyFailure, string>> = {
      'too-large': `The body is larger than ${maxBytes} bytes`,
      'too-slow': 'The body did not come in time',
      gone: 'The body did not come',
      'no-room': 'Other requests take up what there is for bodies',
    };
    throw new Problem(statusOfBodyFailure[read.reason], details[read.reason], {
      headers: { Connection: 'close' },
    });
  }
  if (!isSimpleJson(read.body)) {
    throw new Problem(400, 'The body has too many members', { fault: 'INCORRECT_PARAMETERS' });
  }
  const value = parseJson(decodeStrictUtf8(read.body));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Problem(400, 'The body is no JSON object', { fault: 'INCORRECT_PARAMETERS' });
  }
  return value;
}

/** Null for what is no JSON. */
function parseJson(text: string | null): unknown {
  try {
    return text === '' ? {} : JSON.parse(text ?? '');
  } catch {
    return null;
  }
}

/** Null without a schema. Throws a problem that names each member that is wrong. */
function parse(schema: v.GenericSchema | null, value: unknown, where: string): unknown {
  if (schema === null) {
    return null;
  }
  const parsed = v.safeParse(schema, value);
  if (parsed.success) {
    return parsed.output;
  }
  const issues = parsed.issues
    .slice(0, maxIssues)
    .map((issue) => `${v.getDotPath(issue) ?? where}: ${issue.message}`);
  throw new Problem(400, issues.join('; '), { fault: 'INCORRECT_PARAMETERS' });
}
