/**
 * From a call to its answer: finds the method, checks the call, runs the handler, turns refusals into faults.
 *
 * Source: checklist B18.2 and B18.5; the order of the checks is the original's.
 */
import type { LogLevel } from '../config/settings.ts';
import type { LogReader } from '../logging/log-reader.ts';
import { supervisorStateCodes } from '../process/states.ts';
import type { Journal, JournalNews } from '../journal/journal.ts';
import type { LogMessage } from '../logging/log-text.ts';
import type { Cause } from '../process/record.ts';
import type { Clock } from '../system/clock.ts';
import { RpcFault } from './faults.ts';
import { type AnswerRoom, unboundedRoom } from './answer-room.ts';
import { acceptsCount, type MethodContext, type MethodResult, type RpcMethod } from './method.ts';
import type { MethodRegistry } from './registry.ts';
import type { SupervisorControl } from './supervisor-control.ts';
import {
  type MethodCall,
  type MethodResponse,
  plainValue,
  type XmlRpcResult,
  type XmlRpcValue,
} from './xml/value.ts';

/** Who makes a call. */
export type Caller = Pick<Cause, 'interface' | 'user'>;

const anonymous: Caller = { interface: 'xml-rpc', user: null };

/** What all calls share. */
export interface RpcHost {
  readonly control: SupervisorControl;
  readonly clock: Clock;
  readonly reader: LogReader;
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
  const answer = await answerCall(host, call, { signal, caller, room: unboundedRoom });
  return answer.ok ? { ok: true, value: plainValue(answer.value) } : answer;
}

/** What belongs to one request. */
interface CallContext {
  readonly signal: AbortSignal;
  readonly caller: Caller;
  readonly room: AnswerRoom;
}

/** As {@link dispatch}, with large texts as they are and no more of them than there is room for. */
export async function answerCall(
  host: RpcHost,
  call: MethodCall,
  context: CallContext,
): Promise<MethodResponse<XmlRpcResult>> {
  const name = call.method.slice(0, maxNameLength);
  host.log('trace', `XML-RPC method called: ${name}()`);
  try {
    const value = await invoke(host, call.method, call.params, context);
    host.log('trace', `XML-RPC method ${name}() returned successfully`);
    return { ok: true, value };
  } catch (error) {
    if (!(error instanceof RpcFault)) {
      throw error;
    }
    host.log('trace', `XML-RPC method ${name}() returned fault: [${error.code}] ${error.message}`);
    return { ok: false, faultCode: error.code, faultString: error.message };
  }
}

/** Checks a call and runs its handler; throws the fault that it deserves. */
function invoke(
  host: RpcHost,
  name: string,
  params: readonly XmlRpcValue[],
  { signal, caller, room }: CallContext,
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
  refuseLongNames(method, params);
  const cause: Cause = { ...caller, action: method.name };
  const context: MethodContext = {
    control: host.control,
    clock: host.clock,
    reader: host.reader,
    signal,
    room,
    cause,
    log: (level, message) => host.log(level, message),
    call: (other, otherParams, part) => invoke(host, other, otherParams, { signal, caller, room: part }),
  };
  if (!method.acts) {
    return method.invoke(context, params);
  }
  host.journal.add(actionNews(cause, method, params));
  return onceLogged(host, method.invoke(context, params));
}

/** Whoever has caused something finds it in the activity log when he is answered, as where it is written at once. */
function onceLogged(host: RpcHost, result: MethodResult): MethodResult {
  const written = (): Promise<void> | null => {
    const { activityLogPath } = host.control;
    return activityLogPath === null ? null : host.reader.written(activityLogPath);
  };
  if (result instanceof Promise) {
    return result.then(async (value) => {
      await written();
      return value;
    });
  }
  const waiting = written();
  return waiting === null ? result : waiting.then(() => result);
}

/** Before anything is remembered of them. */
function refuseLongNames({ parameters }: RpcMethod, params: readonly XmlRpcValue[]): void {
  for (const [index, { maxLength = Number.POSITIVE_INFINITY }] of parameters.entries()) {
    const param = params[index];
    if (typeof param === 'string' && param.length > maxLength) {
      throw new RpcFault('BAD_NAME', param);
    }
  }
}

/** Characters of a name that is remembered; methods of plugins may take longer ones. */
const maxSubjectLength = 1024;

/** Only names are remembered, no texts that are sent to a program. */
function actionNews(cause: Cause, { parameters }: RpcMethod, params: readonly XmlRpcValue[]): JournalNews {
  const [first] = parameters;
  const [subject] = params;
  const isNamed = first?.name === 'name' && typeof subject === 'string' && subject.length <= maxSubjectLength;
  return {
    kind: 'action',
    process: isNamed ? subject : null,
    cause,
    text: isNamed ? `${cause.action} ${subject}` : cause.action,
  };
}

/** Characters of a method's name that are written to a log; longer ones name none. */
const maxNameLength = 256;

/** Exactly `namespace.method`, neither hidden. */
function isCallable(name: string): boolean {
  if (name.length > maxNameLength) {
    return false;
  }
  const [, method, ...rest] = name.split('.');
  return method !== undefined && rest.length === 0 && !method.startsWith('_');
}

/** Whether the daemon has begun to shut down or to restart. */
function isShuttingDown({ state }: SupervisorControl): boolean {
  return supervisorStateCodes[state] < supervisorStateCodes.RUNNING;
}
