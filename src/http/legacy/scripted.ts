/**
 * Action links as the original carries them out, for scripts that call them: at once, and with its messages.
 *
 * Source: observed; checklist B19.2.
 */
import { type Caller, dispatch, type RpcHost } from '../../rpc/dispatch.ts';
import { faultCodes } from '../../rpc/faults.ts';
import { parseNamespec } from '../../rpc/namespec.ts';
import type { XmlRpcValue } from '../../rpc/xml/value.ts';

type Call = (method: string, ...params: readonly XmlRpcValue[]) => ReturnType<typeof dispatch>;

/** What an action does, and says afterwards. */
type Action = (call: Call, now: () => string) => Promise<string>;
type ProcessAction = (call: Call, name: string) => Promise<string>;

const actions: Readonly<Record<string, Action>> = {
  refresh: (_call, now) => Promise.resolve(`Page refreshed at ${now()}`),
  stopall: async (call, now) => {
    await call('stopAllProcesses');
    return `All stopped at ${now()}`;
  },
  restartall: async (call, now) => {
    await call('stopAllProcesses');
    await call('startAllProcesses');
    return `All restarted at ${now()}`;
  },
};

const processActions: Readonly<Record<string, ProcessAction>> = {
  start: async (call, name) => {
    const answer = await call('startProcess', name);
    return answer.ok ? `Process ${name} started` : `ERROR: Process ${name}: ${startProblem(answer)}`;
  },
  stop: async (call, name) => {
    const answer = await call('stopProcess', name);
    return answer.ok ? `Process ${name} stopped` : unexpected(answer);
  },
  // Compat: what becomes of it is not looked at.
  restart: async (call, name) => {
    await call('stopProcess', name);
    await call('startProcess', name);
    return `Process ${name} restarted`;
  },
  clearlog: async (call, name) => {
    const answer = await call('clearProcessLogs', name);
    return answer.ok ? `Log for ${name} cleared` : unexpected(answer);
  },
};

interface Fault {
  readonly faultCode: number;
  readonly faultString: string;
}

const startProblems: ReadonlyMap<number, string> = new Map([
  [faultCodes.NO_FILE, 'no such file'],
  [faultCodes.NOT_EXECUTABLE, 'file not executable'],
  [faultCodes.ALREADY_STARTED, 'already started'],
  [faultCodes.SPAWN_ERROR, 'spawn error'],
  [faultCodes.ABNORMAL_TERMINATION, 'abnormal termination'],
]);

function startProblem(fault: Fault): string {
  return startProblems.get(fault.faultCode) ?? unexpected(fault);
}

function unexpected({ faultCode, faultString }: Fault): string {
  return `unexpected rpc fault [${faultCode}] ${faultString}`;
}

/** What the original would say after the action; null for what it fails at. It is not broken off when the client goes away. */
export async function actAsAsked(
  host: RpcHost,
  word: string,
  name: string,
  caller: Caller,
): Promise<string | null> {
  const never = new AbortController().signal;
  const call: Call = (method, ...params) =>
    dispatch(host, { method: `supervisor.${method}`, params }, never, caller);
  if (Object.hasOwn(actions, word)) {
    return (await actions[word]?.(call, () => asctime(new Date(host.clock.wallMs())))) ?? null;
  }
  if (!Object.hasOwn(processActions, word) || name === '') {
    return null;
  }
  return isKnown(host, name)
    ? ((await processActions[word]?.(call, name)) ?? null)
    : `No such process named ${name}`;
}

function isKnown({ control }: RpcHost, name: string): boolean {
  const { group, process } = parseNamespec(name);
  return process !== null && control.groups.get(group)?.processes.has(process) === true;
}

/** `Fri Nov  7 19:48:25 2026`, in local time. Source: asctime(3). */
function asctime(date: Date): string {
  const [weekday = '', month = '', day = '', year = '', time = ''] = date.toString().split(' ');
  return `${weekday} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`;
}
