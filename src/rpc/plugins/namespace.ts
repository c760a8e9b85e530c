/** What an `[rpcinterface:x]` plugin makes, as a namespace of methods like any other. */
import type { RpcMethod, RpcTypeName } from '../method.ts';
import type { RpcNamespace } from '../registry.ts';
import type { XmlRpcValue } from '../xml/value.ts';
import { converted } from './arguments.ts';
import { callContained, type Handler, type Log } from './contain.ts';
import { isRecord } from '../../plugin/record.ts';

export type NamespaceOutcome =
  | { readonly ok: true; readonly namespace: RpcNamespace; readonly close: () => void }
  | { readonly ok: false; readonly reason: string };

const nameForm = /^[A-Za-z]\w*$/;
const typeNames: ReadonlySet<unknown> = new Set<RpcTypeName>(['string', 'int', 'boolean', 'array', 'struct']);

/** Reads what a factory has made; every mistake is found now, not in the first call. */
export function namespaceOf(name: string, made: unknown, log: Log): NamespaceOutcome {
  const methods = isRecord(made) ? made['methods'] : undefined;
  if (!isRecord(made) || !isRecord(methods)) {
    const hint = made instanceof Promise ? ' (a factory cannot be async)' : '';
    return { ok: false, reason: `it did not make an object with methods${hint}` };
  }
  const read = Object.entries(methods).map(([method, row]) => readMethod(name, method, row, log));
  const wrong = read.find((one) => typeof one === 'string');
  if (typeof wrong === 'string') {
    return { ok: false, reason: wrong };
  }
  return {
    ok: true,
    namespace: { name, methods: read.filter((one) => typeof one !== 'string') },
    close: () => closeQuietly(name, made, log),
  };
}

/** The method, or what is wrong with it. */
function readMethod(namespace: string, name: string, row: unknown, log: Log): RpcMethod | string {
  const fullName = `${namespace}.${name}`;
  if (!nameForm.test(name)) {
    return `${fullName} is no name of a method`;
  }
  if (!isRecord(row) || typeof row['handle'] !== 'function' || typeof row['summary'] !== 'string') {
    return `${fullName} needs a summary and a function handle`;
  }
  const { result, parameters = [], handle } = row;
  if (!isRecord(result) || !isTyped(result)) {
    return `${fullName} needs a result with type and summary`;
  }
  const list: readonly unknown[] | null = Array.isArray(parameters) ? parameters : null;
  if (
    list === null ||
    !list.every((one) => isRecord(one) && isTyped(one) && typeof one['name'] === 'string')
  ) {
    return `${fullName} has parameters without name, type and summary`;
  }
  const read = list.map((one) => parameterOf(one as RawParameter));
  const handler: Handler = (...params) => Reflect.apply(handle as Handler, row, params);
  return {
    name,
    aliases: [],
    summary: row['summary'],
    parameters: read,
    result: { type: result.type, summary: result.summary },
    faults: [],
    acts: row['acts'] === true,
    duringShutdown: row['duringShutdown'] === true,
    invoke: (context, params) => {
      const values = read.map(({ type, fallback }, index) => {
        const param = params[index];
        return param === undefined ? (fallback?.value ?? null) : converted(param, type);
      });
      return callContained(fullName, handler, values, context.signal, log);
    },
  };
}

interface Typed {
  readonly type: RpcTypeName;
  readonly summary: string;
}

type RawParameter = Typed & { readonly name: string; readonly fallback?: XmlRpcValue };

function parameterOf({ name, type, summary, fallback }: RawParameter): RpcMethod['parameters'][number] {
  return { name, type, summary, fallback: fallback === undefined ? null : { value: fallback } };
}

function closeQuietly(name: string, made: Readonly<Record<string, unknown>>, log: Log): void {
  try {
    const close = made['close'];
    if (typeof close === 'function') {
      close.call(made);
    }
  } catch (error) {
    log('error', `RPC interface '${name}' could not be closed: ${String(error)}`);
  }
}

function isTyped(row: Readonly<Record<string, unknown>>): row is Readonly<Record<string, unknown>> & Typed {
  return typeNames.has(row['type']) && typeof row['summary'] === 'string';
}
