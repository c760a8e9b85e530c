import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import type { NativeSpawnRequest } from '../binding.ts';
import type { Children } from './children.ts';

/** What the kernel says of a process. */
export interface Inspection {
  readonly pid: number;
  readonly argv: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string;
  /** Open descriptors and what they refer to. */
  readonly fds: Readonly<Record<string, string>>;
  /** Lines of `/proc/PID/status`. */
  readonly status: Readonly<Record<string, string>>;
  readonly pgrp: number;
  readonly session: number;
  readonly nofile: string;
}

export function inspectProcess(pid: number): Inspection {
  const read = (name: string) => readFileSync(`/proc/${pid}/${name}`, 'utf8');
  // Fields after the command's name, which ends at the last bracket: state, ppid, pgrp, session.
  const [, , pgrp, session] = read('stat')
    .replace(/^.*\) /s, '')
    .split(' ')
    .map(Number);
  return {
    pid,
    argv: read('cmdline').split('\0').slice(0, -1),
    env: read('environ').split('\0').slice(0, -1),
    cwd: readlinkSync(`/proc/${pid}/cwd`),
    fds: openDescriptors(pid),
    status: statusOf(pid),
    pgrp: pgrp ?? 0,
    session: session ?? 0,
    nofile: /^Max open files\s+(\S+\s+\S+)/m.exec(read('limits'))?.[1] ?? '',
  };
}

/** Lines of `/proc/PID/status` by their name. */
export function statusOf(pid: number): Record<string, string> {
  const lines = readFileSync(`/proc/${pid}/status`, 'utf8').trimEnd().split('\n');
  return Object.fromEntries(
    lines
      .map((line) => line.split(/:\s*/, 2))
      .map(([name = '', value = '']) => [name, value.trim().replaceAll('\t', ' ')]),
  );
}

/** What each descriptor refers to. The one that lists our own is gone when it is its turn. */
export function openDescriptors(pid: number): Record<string, string> {
  const folder = `/proc/${pid}/fd`;
  const entries = readdirSync(folder).flatMap((fd) => {
    try {
      return [[fd, readlinkSync(`${folder}/${fd}`)]];
    } catch {
      return [];
    }
  });
  return Object.fromEntries(entries);
}

/**
 * Looks at a child once its new program runs: a spawn returns when the child has left our memory, which is before the
 * kernel has laid out all of the new.
 */
export async function inspectStarted(pid: number): Promise<Inspection> {
  for (;;) {
    const seen = inspectProcess(pid);
    if (seen.argv.length > 0 && seen.status['State']?.startsWith('S')) {
      return seen;
    }
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

/** Starts a `cat` that waits on its stdin, looks at it, and lets it end. */
export async function inspectChild(
  children: Children,
  changes: Partial<NativeSpawnRequest>,
): Promise<Inspection> {
  const pipe = children.binding.pipe(false);
  if (typeof pipe === 'number') {
    throw new Error(`cannot make a pipe: ${pipe}`);
  }
  const pid = children.start({ file: '/bin/cat', argv: ['cat'], stdio: [pipe.readFd, 1, 2], ...changes });
  children.binding.close(pipe.readFd);
  const seen = await inspectStarted(pid);
  children.binding.close(pipe.writeFd);
  await children.endOf(pid);
  return seen;
}
