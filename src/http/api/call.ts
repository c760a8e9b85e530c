/** Calls methods of the XML-RPC API: what the JSON API does is what they do, with the same checks and rights. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Caller, dispatch } from '../../rpc/dispatch.ts';
import { faultNameOf, RpcFault } from '../../rpc/faults.ts';
import { formatNamespec } from '../../rpc/namespec.ts';
import type { XmlRpcValue } from '../../rpc/xml/value.ts';
import type { Exchange } from '../exchange.ts';
import { isFromBrowser } from '../access/origin.ts';
import type { ApiHost } from './host.ts';
import type { Outcome } from './schemas.ts';

/** Calls methods on behalf of one request. */
export class MethodCaller {
  readonly #host: ApiHost;
  readonly #caller: Caller;
  readonly #signal: AbortSignal;

  constructor({ rpc, ...host }: ApiHost, { request, access }: Exchange, signal: AbortSignal) {
    this.#host = { ...host, rpc };
    this.#caller = { interface: isFromBrowser(request.headers) ? 'page' : 'json-api', user: access.user };
    this.#signal = signal;
  }

  /** The result of `supervisor.method`, or of a method given with its namespace. Throws RpcFault. */
  async call(method: string, ...params: readonly XmlRpcValue[]): Promise<XmlRpcValue> {
    const name = method.includes('.') ? method : `supervisor.${method}`;
    const answer = await dispatch(this.#host.rpc, { method: name, params }, this.#signal, this.#caller);
    if (answer.ok) {
      return answer.value;
    }
    const fault = faultNameOf(answer.faultCode);
    throw new RpcFault(fault, answer.faultString.slice(`${fault}: `.length) || undefined);
  }

  /** What became of one process: a refusal is an outcome, too, unless it is about the request as such. */
  async outcomeOf(name: string, call: () => Promise<XmlRpcValue>): Promise<Outcome> {
    try {
      await call();
      return { name, ok: true, fault: null, detail: 'OK' };
    } catch (error) {
      if (!(error instanceof RpcFault) || error.fault === 'SHUTDOWN_STATE') {
        throw error;
      }
      return { name, ok: false, fault: error.fault, detail: error.message };
    }
  }

  /** Begins with each of the names in turn, letting others have theirs in between, then waits for all. */
  async forEach(
    names: readonly string[],
    call: (name: string) => Promise<XmlRpcValue>,
  ): Promise<readonly Outcome[]> {
    const outcomes: Promise<Outcome>[] = [];
    for (const [index, name] of names.entries()) {
      if (index % namesPerTurn === namesPerTurn - 1) {
        await nextTurn();
      }
      const outcome = this.outcomeOf(name, () => call(name));
      // Looked at below; until then it must not count as unhandled.
      outcome.catch(() => undefined);
      outcomes.push(outcome);
    }
    return Promise.all(outcomes);
  }
}

const namesPerTurn = 10;

/** As `forEachProcess` makes it. */
type ProcessOutcome = {
  readonly name: string;
  readonly group: string;
  readonly status: number;
  readonly description: string;
};

/** The structs that methods answer which concern several processes. */
export function outcomesOf(value: XmlRpcValue): Outcome[] {
  return (value as readonly ProcessOutcome[]).map(({ name, group, status, description }) => {
    const fault = faultNameOf(status);
    const ok = fault === 'SUCCESS';
    return { name: formatNamespec(group, name), ok, fault: ok ? null : fault, detail: description };
  });
}
