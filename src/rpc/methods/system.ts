/**
 * The `system` namespace: which methods there are, their help, and many calls in one.
 *
 * Source: the introspection and multicall conventions of XML-RPC, with the deviations of checklist B18.22.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { partOf, takeRoom } from '../answer-room.ts';
import { RpcFault } from '../faults.ts';
import { defineMethod, helpText, type MethodContext, type RpcMethod } from '../method.ts';
import { anyParameter, arrayParameter } from '../parameters.ts';
import { listOf, text } from '../json-schema.ts';
import type { MethodRegistry } from '../registry.ts';
import { approximateBytes } from '../xml/encode.ts';
import type { XmlRpcResult, XmlRpcStruct, XmlRpcValue } from '../xml/value.ts';

/** Compat: what is no text is the name of no method. */
const nameParameter = anyParameter('name', 'The full name of a method.');

/** `registry` is asked when the methods are called: it contains these methods as well. */
export function systemMethods(registry: () => MethodRegistry): readonly RpcMethod[] {
  const find = (name: XmlRpcValue): RpcMethod => {
    const method = typeof name === 'string' ? registry().find(name) : null;
    if (method === null) {
      throw new RpcFault('SIGNATURE_UNSUPPORTED');
    }
    return method;
  };
  return [
    defineMethod({
      name: 'listMethods',
      summary: 'Lists the names of all methods.',
      parameters: [],
      result: { type: 'array', summary: 'Full names, sorted.', schema: listOf(text) },
      duringShutdown: true,
      handle: () => registry().names(),
    }),
    defineMethod({
      name: 'methodHelp',
      summary: 'Tells what a method does.',
      parameters: [nameParameter],
      result: { type: 'string', summary: 'A text with lines that start with @param and @return.' },
      faults: ['SIGNATURE_UNSUPPORTED'],
      duringShutdown: true,
      handle: (_context, name) => helpText(find(name)),
    }),
    defineMethod({
      name: 'methodSignature',
      summary: 'Tells the types of the result and of the parameters of a method.',
      parameters: [nameParameter],
      result: {
        type: 'array',
        summary: 'The type of the result, then those of the parameters.',
        schema: listOf(text),
      },
      faults: ['SIGNATURE_UNSUPPORTED'],
      duringShutdown: true,
      handle: (_context, name) => {
        const { result, parameters } = find(name);
        return [result.type, ...parameters.map(({ type }) => type)];
      },
    }),
    defineMethod({
      name: 'multicall',
      summary: 'Makes several calls, one after the other.',
      parameters: [arrayParameter('calls', 'Structs with methodName and, if it takes any, params.')],
      result: {
        type: 'array',
        summary: 'For each call its bare result, or a struct of faultCode and faultString.',
        schema: listOf({}),
      },
      duringShutdown: true,
      handle: callEach,
    }),
  ];
}

/** Milliseconds of calls in a row after which everybody else has a turn. */
const sliceMs = 5;
/** Bytes of all results of one multicall. */
const maxResultBytes = 16 * 1024 * 1024;

async function callEach(context: MethodContext, calls: readonly XmlRpcValue[]): Promise<XmlRpcResult> {
  const { clock, signal } = context;
  const room = partOf(context.room, maxResultBytes);
  const results: XmlRpcResult[] = [];
  let sliceEndMs = clock.monotonicMs() + sliceMs;
  for (const call of calls) {
    if (clock.monotonicMs() > sliceEndMs) {
      await nextTurn();
      signal.throwIfAborted();
      sliceEndMs = clock.monotonicMs() + sliceMs;
    }
    results.push(await callOne({ ...context, room }, call));
  }
  return results;
}

/** Compat: results are bare values, not arrays of one, and what is no refusal is a FAILED fault of this one call. */
async function callOne(context: MethodContext, call: XmlRpcValue): Promise<XmlRpcResult> {
  try {
    const { methodName, params = [] } = structOf(call);
    if (methodName === undefined || methodName === null) {
      throw new RpcFault('INCORRECT_PARAMETERS', 'No methodName');
    }
    if (methodName === 'system.multicall') {
      throw new RpcFault('INCORRECT_PARAMETERS', 'Recursive system.multicall forbidden');
    }
    if (typeof methodName !== 'string' || !Array.isArray(params)) {
      throw new RpcFault('INCORRECT_PARAMETERS');
    }
    const { room } = context;
    const result = await context.call(methodName, params, room);
    takeRoom(room, approximateBytes(result));
    return result;
  } catch (error) {
    context.signal.throwIfAborted();
    const fault = error instanceof RpcFault ? error : new RpcFault('FAILED', String(error));
    if (fault !== error) {
      context.log(
        'error',
        `XML-RPC call inside system.multicall raised an unexpected exception: ${String(error)}`,
      );
    }
    return { faultCode: fault.code, faultString: fault.message };
  }
}

/** The members of a call; anything that is no struct has none. */
function structOf(call: XmlRpcValue): XmlRpcStruct {
  const isStruct =
    typeof call === 'object' &&
    call !== null &&
    !(call instanceof Date || call instanceof Uint8Array || Array.isArray(call));
  return isStruct ? (call as XmlRpcStruct) : {};
}
