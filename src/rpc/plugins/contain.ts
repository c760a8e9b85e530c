/**
 * Calling what a plugin has made. Nothing it does in a call reaches further than that call: what it throws, or answers that
 * XML-RPC has no form for, becomes a fault, and is logged with the method's name.
 */
import type { LogLevel } from '../../config/settings.ts';
import { type LogMessage, withLines } from '../../logging/log-text.ts';
import { RpcFault } from '../faults.ts';
import type { XmlRpcValue } from '../xml/value.ts';
import { isRecord } from '../../plugin/record.ts';

export type Log = (level: LogLevel, message: LogMessage) => void;
export type Handler = (...params: readonly XmlRpcValue[]) => unknown;

/** Rejects with a fault, or with the reason of `signal` once nobody waits for the answer any more. */
export async function callContained(
  name: string,
  handle: Handler,
  params: readonly XmlRpcValue[],
  signal: AbortSignal,
  log: Log,
): Promise<XmlRpcValue> {
  try {
    const result = await untilAborted(Promise.resolve(handle(...params)), signal);
    if (!isXmlRpcValue(result)) {
      throw new TypeError(`its result has no form in XML-RPC`);
    }
    return result;
  } catch (error) {
    signal.throwIfAborted();
    throw faultOf(name, error, log);
  }
}

/** Rejects as soon as nobody waits for the answer any more, whatever the plugin still does. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new Error('nobody waits for the answer'));
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function faultOf(name: string, error: unknown, log: Log): RpcFault {
  if (error instanceof RpcFault) {
    return error;
  }
  const { faultCode, faultString } = isRecord(error) ? error : {};
  if (Number.isSafeInteger(faultCode) && typeof faultString === 'string') {
    return new PluginFault(Number(faultCode), faultString);
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  log('error', withLines(`XML-RPC method ${name}() of a plugin raised an unexpected exception: ${trace}`));
  return new RpcFault('FAILED', `${name}: ${error instanceof Error ? error.message : String(error)}`);
}

/** A fault with a number and a text of the plugin's own. */
export class PluginFault extends RpcFault {
  override readonly code: number;
  readonly faultCode: number;
  readonly faultString: string;

  constructor(code: number, text: string) {
    super('FAILED');
    this.code = code;
    this.message = text;
    this.faultCode = code;
    this.faultString = text;
  }
}

function isXmlRpcValue(value: unknown): value is XmlRpcValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      if (value === null || value instanceof Date || value instanceof Uint8Array) {
        return true;
      }
      return Object.values(value).every(isXmlRpcValue);
    default:
      return false;
  }
}
