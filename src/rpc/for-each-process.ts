/**
 * Doing the same to many processes and telling what became of each.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { faultCodes, RpcFault } from './faults.ts';
import type { FoundProcess } from './find-processes.ts';
import { formatNamespec } from './namespec.ts';
import type { MethodContext, MethodResult } from './method.ts';
import type { ControlledProcess } from './supervisor-control.ts';
import type { XmlRpcResult, XmlRpcValue } from './xml/value.ts';

/** How often the original looks whether those it waits for are done. */
const lookIntervalMs = 50;

interface Outcome {
  /** Number of the look that would have found it done; -1: it needed no waiting. */
  readonly look: number;
  readonly value: XmlRpcValue;
}

/** Milliseconds of starting and stopping after which others get their turn; a spawn takes about one. */
const sliceMs = 10;

/** How it is gone about. */
interface Course {
  /**
   * Compat: `as done`: first come those that needed no waiting, then the others as they were done, those done within the
   * same 50 ms in the order of the processes. `as asked` is for what the original does not wait for.
   */
  readonly order: 'as done' | 'as asked';
  /** Asked after each: true, or a promise of when it is the next one's turn, which does not reject. */
  readonly beforeNext: (process: ControlledProcess) => true | Promise<unknown>;
}

/**
 * Calls `action` for each of the processes, in order and as fast as others are not kept waiting, then waits for all
 * of them. The result has one struct for each: name, group, status (80 or a fault code) and description.
 */
export function forEachProcess(
  context: MethodContext,
  processes: readonly FoundProcess[],
  action: (process: ControlledProcess, namespec: string) => true | Promise<true>,
  { order, beforeNext }: Course = { order: 'as done', beforeNext: () => true },
): MethodResult {
  const { clock, control } = context;
  const begunAtMs = clock.monotonicMs();
  const outcomes: (Outcome | Promise<Outcome>)[] = [];
  const tellAtOnce = (found: FoundProcess, fault: RpcFault | null): void =>
    void outcomes.push({ look: -1, value: describe(found, fault) });
  /** The result is looked at only when all have been asked; until then its failure must not count as unhandled. */
  const wait = (outcome: Promise<Outcome>): void => {
    outcome.catch(() => undefined);
    outcomes.push(outcome);
  };
  const act = (found: FoundProcess): void => {
    const { group, process } = found;
    try {
      const done = action(process, formatNamespec(group.settings.name, process.settings.name));
      if (done === true) {
        tellAtOnce(found, null);
      } else {
        wait(settle(done, found, () => clock.monotonicMs() - begunAtMs));
      }
    } catch (error) {
      if (error instanceof RpcFault) {
        tellAtOnce(found, error);
      } else {
        wait(Promise.reject(error));
      }
    }
  };
  const rest = [...processes].reverse();
  const actOnSome = (): Promise<unknown> | null => {
    const endMs = clock.monotonicMs() + sliceMs;
    for (let found = rest.pop(); found !== undefined; found = rest.pop()) {
      // Its group may have been removed since the last slice.
      if (control.groups.get(found.group.settings.name) === found.group) {
        act(found);
      }
      const ready = rest.length === 0 ? true : beforeNext(found.process);
      if (ready !== true) {
        return ready;
      }
      if (rest.length > 0 && clock.monotonicMs() >= endMs) {
        return nextTurn();
      }
    }
    return null;
  };
  const actOnRest = async (first: Promise<unknown>): Promise<XmlRpcResult> => {
    for (let waiting: Promise<unknown> | null = first; waiting !== null; waiting = actOnSome()) {
      await waiting;
    }
    return results();
  };
  const arrange = order === 'as done' ? inOrder : valuesOf;
  const results = (): MethodResult => {
    const atOnce = outcomes.filter((outcome): outcome is Outcome => !(outcome instanceof Promise));
    return atOnce.length === outcomes.length
      ? arrange(atOnce)
      : Promise.all(outcomes.map((outcome) => Promise.resolve(outcome))).then(arrange);
  };
  const waiting = actOnSome();
  return waiting === null ? results() : actOnRest(waiting);
}

function inOrder(outcomes: readonly Outcome[]): readonly XmlRpcValue[] {
  return valuesOf(outcomes.toSorted((a, b) => a.look - b.look));
}

function valuesOf(outcomes: readonly Outcome[]): readonly XmlRpcValue[] {
  return outcomes.map(({ value }) => value);
}

async function settle(done: Promise<true>, found: FoundProcess, elapsedMs: () => number): Promise<Outcome> {
  let fault: RpcFault | null = null;
  try {
    await done;
  } catch (error) {
    fault = refusal(error);
  }
  return { look: Math.floor(elapsedMs() / lookIntervalMs), value: describe(found, fault) };
}

/** Only refusals are results; anything else ends the whole call. */
function refusal(error: unknown): RpcFault {
  if (error instanceof RpcFault) {
    return error;
  }
  throw error;
}

function describe({ group, process }: FoundProcess, fault: RpcFault | null): XmlRpcValue {
  return {
    name: process.settings.name,
    group: group.settings.name,
    status: fault === null ? faultCodes.SUCCESS : fault.code,
    description: fault === null ? 'OK' : fault.message,
  };
}
