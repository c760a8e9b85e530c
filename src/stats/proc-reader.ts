/**
 * What the kernel tells about processes in `/proc`.
 *
 * Source: proc(5). One small file is read a process, into a buffer that all reads share.
 */
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { parseStat, type ProcessUsage } from './stat-line.ts';

export interface ProcReader {
  /** Pids of all processes there are; none where `/proc` is not mounted. */
  pids(): readonly number[];
  /** Null when there is no such process any more. */
  usage(pid: number): ProcessUsage | null;
}

/** Longer than the line ever is: a name of 64 bytes, and 50 numbers. */
const maxLineBytes = 2048;

export class NodeProcReader implements ProcReader {
  readonly #buffer = Buffer.allocUnsafeSlow(maxLineBytes);
  #pageBytes: number | null = null;

  pids(): readonly number[] {
    try {
      return readdirSync('/proc').map(Number).filter(Number.isInteger);
    } catch {
      return [];
    }
  }

  usage(pid: number): ProcessUsage | null {
    this.#pageBytes ??= readPageBytes();
    const line = this.#read(`/proc/${pid}/stat`);
    return line === null ? null : parseStat(line, this.#pageBytes);
  }

  #read(path: string): string | null {
    try {
      const fd = openSync(path, 'r');
      try {
        return this.#buffer.toString('latin1', 0, readSync(fd, this.#buffer));
      } finally {
        closeSync(fd);
      }
    } catch {
      return null;
    }
  }
}

const usualPageBytes = 4096;

/** The size of a page of memory, which is not the same on every arm64 kernel. */
function readPageBytes(): number {
  try {
    const found = /^KernelPageSize:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/smaps', 'latin1'));
    return found === null ? usualPageBytes : Number(found[1]) * 1024;
  } catch {
    return usualPageBytes;
  }
}
