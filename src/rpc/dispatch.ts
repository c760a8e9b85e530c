/**
 * From a call to its answer: finds the method, checks the call, runs the handler, turns refusals into faults.
 *
 * Source: checklist B18.2 and B18.5; the order of the checks is the original's.
 */
import type { LogLevel } from '../config/settings.ts';
import type { LogIo } from '../logging/io.ts';
import { supervisorStateCodes } from '../process/states.ts';
import type { Journal, JournalNews } from '../journal/journal.ts';
import type { LogMessage } from '../logging/log-text.ts';
import type { Cause } from '../process/record.ts';
import type { Clock } from '../system/clock.ts';
import { RpcFault } from './faults.ts';
import { acceptsCount, type MethodContext, type MethodResult, type RpcMethod } from './method.ts';
import type { MethodRegistry } from './registry.ts';
import type { SupervisorControl } from './supervisor-control.ts';
import type { MethodCall, MethodResponse, XmlRpcValue } from './xml/value.ts';

/** Who makes a call. */
export type Caller = Pick<Cause, 'interface' | 'user'>;

const anonymous: Caller = { interface: 'xml-rpc', user: null };

/** What all calls share. */
export interface RpcHost {
  readonly control: SupervisorControl;
  readonly clock: Clock;
  readonly io: LogIo;
  readonly registry: MethodRegistry;
  readonly journal: Journal;
  log(level: LogLevel, message: LogMessage): void;
}

/**
 * Answers a call. Handlers begin in the caller's own turn of the event loop; `signal` ends what waits.
 *
 * Rejects when a handler failed in a way it does not know itself (a defect), and when `signal` is aborted.
 */
export async function dispatch(
  host: RpcHost,
  call: MethodCall,
  signal: AbortSignal,
  caller: Caller = anonymous,
): Promise<MethodResponse> {
  host.log('trace', `XML-RPC method called: ${call.method}()`);
  try {
    const value = await invoke(host, call.method, call.params, signal, caller);
    host.log('trace', `XML-RPC method ${call.method}() returned successfully`);
    return { ok: true, value };
  } catch (error) {
    if (!(error instanceof RpcFault)) {
      throw error;
    }
    host.log('trace', `XML-RPC method ${call.method}() returned fault: [${error.code}] ${error.message}`);
    return { ok: false, faultCode: error.code, faultString: error.message };
  }
}

/** Checks a call and runs its handler; throws the fault that it deserves. */
function invoke(
  host: RpcHost,
  name: string,
  params: readonly XmlRpcValue[],
  signal: AbortSignal,
  caller: Caller,
): MethodResult {
  const method = isCallable(name) ? host.registry.find(name) : null;
  if (method === null) {
    throw new RpcFault('UNKNOWN_METHOD');
  }
  if (!acceptsCount(method, params.length)) {
    throw new RpcFault('INCORRECT_PARAMETERS');
  }
  if (!method.duringShutdown && isShuttingDown(host.control)) {
    throw new RpcFault('SHUTDOWN_STATE');
  }
  const cause: Cause = { ...caller, action: method.name };
  const context: MethodContext = {
    control: host.control,
    clock: host.clock,
    io: host.io,
    signal,
    cause,
    log: (level, message) => host.log(level, message),
    call: (other, otherParams) => invoke(host, other, otherParams, signal, caller),
  };
  if (method.acts) {
    host.journal.add(actionNews(cause, method, params));
  }
  return method.invoke(context, params);
}

/** Only names are remembered, no texts that are sent to a program. */
function actionNews(cause: Cause, { parameters }: RpcMethod, params: readonly XmlRpcValue[]): JournalNews {
  const [first] = parameters;
  const [subject] = params;
  const isNamed = first?.name === 'name' && typeof subject === 'string';
  return {
    kind: 'action',
    process: isNamed ? subject : null,
    cause,
    text: isNamed ? `${cause.action} ${subject}` : cause.action,
  };
}

/** Exactly `namespace.method`, neither hidden. */
function isCallable(name: string): boolean {
  const [, method, ...rest] = name.split('.');
  return method !== undefined && rest.length === 0 && !method.startsWith('_');
}

/** Whether the daemon has begun to shut down or to restart. */
function isShuttingDown({ state }: SupervisorControl): boolean {
  return supervisorStateCodes[state] < supervisorStateCodes.RUNNING;
}
