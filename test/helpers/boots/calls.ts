/** Clients that call a daemon from the first moment of its life. */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import type { HttpTarget } from '../http.ts';
import { signalIfThere } from '../signal-process.ts';
import type { Sandbox } from '../sandbox.ts';
import { callRpc, RpcFaultAnswer } from '../xml-rpc.ts';
import { type BootProgram, bootPrograms } from './programs.ts';

/** A daemon that is booting, and what is known of it. */
export interface Boot {
  readonly sandbox: Sandbox;
  readonly api: HttpTarget;
  readonly pid: number;
  /** Aborted at the end of the daemon. */
  readonly ended: AbortSignal;
  /** From 0 to less than 1. */
  readonly random: () => number;
  /** Lines that a program had said when the last clear of its logs was answered. */
  readonly cleared: Map<BootProgram, number>;
  readonly problems: string[];
}

const betweenConnectsMs = 2;

/** A call on a program that was chosen at random. */
type Call = (boot: Boot, program: BootProgram) => Promise<unknown>;

const calls: readonly Call[] = [
  (boot, { fullName }) => callRpc(boot.api, 'supervisor.tailProcessStdoutLog', [fullName, 0, 1000]),
  (boot, { fullName }) => callRpc(boot.api, 'supervisor.readProcessStderrLog', [fullName, 0, 100]),
  (boot, { fullName }) => callRpc(boot.api, 'supervisor.stopProcess', [fullName]),
  (boot, { fullName }) => callRpc(boot.api, 'supervisor.startProcess', [fullName]),
  (boot) => callRpc(boot.api, 'supervisor.getAllProcessInfo'),
  clear,
  reopen,
];

/** Makes so many calls, the first as soon as somebody answers. */
export async function callAtRandom(boot: Boot, count: number): Promise<void> {
  await firstAnswer(boot);
  for (let made = 0; made < count && boot.problems.length === 0; made += 1) {
    const call = oneOf(boot, calls);
    await answered(boot, call(boot, oneOf(boot, bootPrograms)));
  }
}

function oneOf<T>({ random }: Boot, items: readonly [T, ...T[]] | readonly T[]): T {
  return items[Math.floor(random() * items.length)] as T;
}

/** Asks again and again while there is no server. */
async function firstAnswer({ api, ended }: Boot): Promise<void> {
  for (;;) {
    try {
      await callRpc(api, 'supervisor.getState');
      return;
    } catch (error) {
      if (!/ENOENT|ECONNREFUSED/.test(String(error)) || ended.aborted) {
        throw error;
      }
      await delay(betweenConnectsMs);
    }
  }
}

/** A fault is an answer too: a program may not run, or not have a log yet. */
async function answered({ problems }: Boot, call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof RpcFaultAnswer)) {
      problems.push(`a call was not answered: ${String(error)}`);
    }
  }
}

async function clear(boot: Boot, program: BootProgram): Promise<void> {
  if (!program.clearable) {
    return;
  }
  try {
    await callRpc(boot.api, 'supervisor.clearProcessLogs', [program.fullName]);
  } finally {
    boot.cleared.set(program, saidBy(boot.sandbox, program));
  }
}

function reopen({ pid }: Boot): Promise<void> {
  signalIfThere(pid, 'SIGUSR2');
  return Promise.resolve();
}

/** Lines that a program has said on each stream, those that are being written included. */
export function saidBy(sandbox: Sandbox, { name }: BootProgram): number {
  try {
    return Number(readFileSync(sandbox.path(`${name}.count`)).readBigUInt64LE());
  } catch {
    // It has not come so far.
    return 0;
  }
}
