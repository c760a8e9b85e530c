/**
 * The JSON API: finds the operation, checks the request, runs it, sends its answer or its refusal.
 */
import * as v from 'valibot';
import { RpcFault } from '../../rpc/faults.ts';
import { type Exchange, queryOf, rawPathOf } from '../exchange.ts';
import { sendContent } from '../reply.ts';
import type { Route } from '../routes.ts';
import type { ApiHost } from './host.ts';
import { answeredItself, type Operation } from './operation.ts';
import { daemonOperations } from './operations/daemon.ts';
import { processOperations } from './operations/processes.ts';
import { matchPath } from './path-template.ts';
import { Problem, problemOfFault, sendProblem } from './problem.ts';

const apiPrefix = '/api/v1';

const operations: readonly Operation[] = [...processOperations, ...daemonOperations];

export function apiRoute(host: ApiHost): Route {
  return {
    path: `${apiPrefix}/`,
    match: 'prefix',
    // Others are refused here, with a problem.
    methods: ['GET', 'POST', 'DELETE', 'PUT', 'PATCH', 'OPTIONS'],
    handle: (exchange) => answer(host, exchange),
  };
}

async function answer(host: ApiHost, exchange: Exchange): Promise<void> {
  const { request, response, signal } = exchange;
  try {
    const { operation, path } = choose(request.method ?? '', request.url ?? '');
    const query = parse(operation.query, Object.fromEntries(queryOf(request.url ?? '')), 'query');
    const result = await operation.handle({ host, exchange, path, query, body: null, signal });
    if (result !== answeredItself) {
      sendContent(response, 200, { contentType: 'application/json', body: JSON.stringify(result) });
    }
  } catch (error) {
    const refusal = error instanceof RpcFault ? problemOfFault(error) : error;
    if (refusal instanceof Problem) {
      sendProblem(response, refusal);
    } else if (!signal.aborted) {
      throw error;
    }
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

/** Null without a schema. Throws a problem that names each member that is wrong. */
function parse(schema: v.GenericSchema | null, value: unknown, where: string): unknown {
  if (schema === null) {
    return null;
  }
  const parsed = v.safeParse(schema, value);
  if (parsed.success) {
    return parsed.output;
  }
  const issues = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? where}: ${issue.message}`);
  throw new Problem(400, issues.join('; '), { fault: 'INCORRECT_PARAMETERS' });
}
