/**
 * What the links of the original's page could do, by the word in `action`.
 *
 * Source: checklist B19.2.
 */
import { type Caller, dispatch, type RpcHost } from '../../rpc/dispatch.ts';
import type { XmlRpcValue } from '../../rpc/xml/value.ts';

interface LegacyAction {
  /** What is asked, with the name of the process where it concerns one. */
  question(name: string): string;
  /** What is said afterwards. */
  done(name: string, at: string): string;
  /** Methods, called one after the other; what `mayFail` is passed over. */
  readonly calls: readonly {
    readonly method: string;
    readonly params: readonly XmlRpcValue[];
    readonly mayFail?: true;
  }[];
  readonly needsName: boolean;
}

const startNow = { method: 'startProcess', params: [false] };
const stopAll = { method: 'stopAllProcesses', params: [] };

export const legacyActions: ReadonlyMap<string, LegacyAction> = new Map<string, LegacyAction>([
  [
    'start',
    {
      question: (name) => `Start ${name}?`,
      done: (name) => `Process ${name} started`,
      calls: [startNow],
      needsName: true,
    },
  ],
  [
    'stop',
    {
      question: (name) => `Stop ${name}?`,
      done: (name) => `Process ${name} stopped`,
      calls: [{ method: 'stopProcess', params: [] }],
      needsName: true,
    },
  ],
  [
    'restart',
    {
      question: (name) => `Restart ${name}?`,
      done: (name) => `Process ${name} restarted`,
      calls: [{ method: 'stopProcess', params: [], mayFail: true }, startNow],
      needsName: true,
    },
  ],
  [
    'clearlog',
    {
      question: (name) => `Empty the logs of ${name}?`,
      done: (name) => `Log for ${name} cleared`,
      calls: [{ method: 'clearProcessLogs', params: [] }],
      needsName: true,
    },
  ],
  [
    'stopall',
    {
      question: () => 'Stop all processes?',
      done: (_name, at) => `All stopped at ${at}`,
      calls: [stopAll],
      needsName: false,
    },
  ],
  [
    'restartall',
    {
      question: () => 'Restart all processes?',
      done: (_name, at) => `All restarted at ${at}`,
      calls: [stopAll, { method: 'startAllProcesses', params: [false] }],
      needsName: false,
    },
  ],
]);

/** Carries it out and tells what became of it. It is not broken off when the client goes away. */
export async function carryOut(
  host: RpcHost,
  action: LegacyAction,
  name: string,
  caller: Caller,
): Promise<string> {
  const never = new AbortController().signal;
  for (const { method, params, mayFail } of action.calls) {
    const all = action.needsName ? [name, ...params] : params;
    const answer = await dispatch(host, { method: `supervisor.${method}`, params: all }, never, caller);
    if (!answer.ok && mayFail !== true) {
      return action.needsName
        ? `ERROR: Process ${name}: ${answer.faultString}`
        : `ERROR: ${answer.faultString}`;
    }
  }
  return action.done(name, new Date(host.clock.wallMs()).toString().slice(0, 24));
}
