/** What must be true of the daemon at every moment of a soak. */
import { setTimeout as delay } from 'node:timers/promises';
import { readdirSync, readFileSync } from 'node:fs';

import { httpGet } from '../test/helpers/http.ts';
import { childrenOf, readProcess } from '../test/helpers/process-table.ts';
import { allInfo, type Subject } from './disturbances.ts';

export interface Sample {
  readonly atMs: number;
  readonly memoryBytes: number;
  /** Descriptors that do not belong to a living child. */
  readonly descriptors: number;
  readonly running: number;
  /** Milliseconds that the status of all processes took. */
  readonly answerMs: number;
}

/** Looks again before it complains: between the answer and the look at /proc a program may have ended. */
const looks = 5;
const betweenLooksMs = 200;

/** Pipes of a program: stdin, stdout, stderr. */
const descriptorsPerChild = 3;

export async function sample(subject: Subject): Promise<Sample> {
  const before = performance.now();
  const infos = await allInfo(subject);
  const answerMs = performance.now() - before;
  const living = infos.filter(({ pid }) => pid > 0).length;
  return {
    atMs: performance.now(),
    memoryBytes: memoryOf(subject.pid),
    descriptors: readdirSync(`/proc/${subject.pid}/fd`).length - living * descriptorsPerChild,
    running: infos.filter(({ statename }) => statename === 'RUNNING').length,
    answerMs,
  };
}

function memoryOf(pid: number): number {
  const kib = /^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) * 1024;
}

/** Everything that stays wrong over several looks, as sentences. */
export async function disagreements(subject: Subject): Promise<readonly string[]> {
  let lasting = new Set(await differences(subject));
  for (let look = 1; look < looks && lasting.size > 0; look += 1) {
    await delay(betweenLooksMs);
    const now = new Set(await differences(subject));
    lasting = new Set([...lasting].filter((sentence) => now.has(sentence)));
  }
  const errors = await containedErrors(subject);
  return errors === 0 ? [...lasting] : [...lasting, `the daemon contained ${errors} unexpected errors`];
}

/** What the daemon says and what /proc says, side by side. */
async function differences(subject: Subject): Promise<readonly string[]> {
  const infos = await allInfo(subject);
  const found: string[] = [];
  const known = new Set<number>();
  for (const { group, name, pid, statename } of infos) {
    const needsPid = ['RUNNING', 'STOPPING'].includes(statename);
    if (needsPid && pid === 0) {
      found.push(`${group}:${name} is ${statename} without a pid`);
    }
    if (pid > 0) {
      known.add(pid);
      const entry = readProcess(pid);
      if (entry?.parentPid !== subject.pid || entry.state === 'Z') {
        found.push(
          `${group}:${name} is ${statename} with pid ${pid}, which is ${entry?.state ?? 'no process'}`,
        );
      }
    }
  }
  for (const { pid, processGroup, session, state, command } of childrenOf(subject.pid)) {
    if (state === 'Z') {
      found.push(`pid ${pid} is a zombie`);
    } else if (processGroup === pid && session !== pid && !known.has(pid)) {
      // Programs lead their group, and orphans their session or nothing.
      found.push(`pid ${pid} (${command}) belongs to no program`);
    }
  }
  return found;
}

async function containedErrors({ api }: Subject): Promise<number> {
  const { body } = await httpGet(api, '/api/v1/state');
  return (JSON.parse(body) as { readonly containedErrors: number }).containedErrors;
}

/** What grew between the first and the last third of the samples, as sentences. */
export function growth(samples: readonly Sample[]): readonly string[] {
  const third = Math.floor(samples.length / 3);
  const [first, last] = [samples.slice(0, third), samples.slice(-third)];
  const found: string[] = [];
  const memory = [first, last].map((part) => median(part.map(({ memoryBytes }) => memoryBytes)));
  const descriptors = [first, last].map((part) => median(part.map(({ descriptors: count }) => count)));
  const [firstBytes = 0, lastBytes = 0] = memory;
  const [firstCount = 0, lastCount = 0] = descriptors;
  if (lastBytes > firstBytes * 1.15 + 8e6) {
    found.push(`memory grew from ${megabytes(firstBytes)} to ${megabytes(lastBytes)}`);
  }
  if (lastCount > firstCount + 8) {
    found.push(`descriptors grew from ${firstCount} to ${lastCount}`);
  }
  return found;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
