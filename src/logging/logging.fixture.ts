import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { afterEach } from 'vitest';

import type { Clock } from '../system/clock.ts';
import { descriptorCalls } from '../native/descriptors.ts';
import { loadBinding } from '../native/index.ts';
import { Descriptor, descriptorIo } from '../system/descriptor.ts';
import { safePaths } from '../system/safe-paths.fixture.ts';
import type { Errno } from '../system/system.ts';
import type { LogIo } from './io.ts';
import { createNodeIo } from './node-io.ts';

/** What jobs do by themselves. */
export interface TestIo extends LogIo {
  /** To a name that is free; what is not there is passed over. */
  rename(from: string, to: string): Errno | null;
  /** A regular file; anything else is `EINVAL`. */
  unlink(path: string): Errno | null;
}

/** The real calls, as the daemon makes them. */
const realIo: LogIo = createNodeIo(descriptorIo(descriptorCalls(loadBinding())), safePaths);

export const nodeIo: TestIo = { ...realIo, rename: renameToFreeName, unlink: unlinkFile };

function renameToFreeName(from: string, to: string): Errno | null {
  if (fs.existsSync(to)) {
    return fs.existsSync(from) ? 'EEXIST' : null;
  }
  if (fs.existsSync(from)) {
    fs.renameSync(from, to);
  }
  return null;
}

/** The machine's own clock, for tests that wait for real pipes. */
export const realClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  schedule(atMs, callback) {
    const timer = setTimeout(callback, Math.max(0, atMs - performance.now()));
    return { cancel: () => clearTimeout(timer) };
  },
};

function unlinkFile(file: string): Errno | null {
  const found = fs.lstatSync(file, { throwIfNoEntry: false });
  if (found?.isFile() !== true) {
    return found === undefined ? 'ENOENT' : 'EINVAL';
  }
  fs.unlinkSync(file);
  return null;
}

export interface TestPipe {
  /** Non-blocking, as the daemon holds it. */
  readonly readFd: Descriptor;
  readonly writeFd: number;
}

/** A temporary directory for each test, removed after it. */
export function useTempDir(): (name?: string) => string {
  let dir: string | null = null;
  afterEach(() => {
    if (dir !== null) {
      fs.rmSync(dir, { recursive: true, force: true });
      dir = null;
    }
  });
  return (name = '') => {
    dir ??= fs.mkdtempSync(path.join(os.tmpdir(), 'sv-'));
    return path.join(dir, name);
  };
}

export function makeFifo(fifo: string): void {
  execFileSync('mkfifo', [fifo]);
}

/** A real pipe of the kernel; both ends are the caller's. */
export function makePipe(fifo: string): TestPipe {
  makeFifo(fifo);
  const readFd = new Descriptor(fs.openSync(fifo, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK));
  const writeFd = fs.openSync(fifo, fs.constants.O_WRONLY);
  fs.unlinkSync(fifo);
  return { readFd, writeFd };
}

/** Real files, where single calls can be made to fail or to do only a part. */
export class FaultyIo {
  readonly io: TestIo;
  /** How many more bytes `append` takes; then `ENOSPC`. */
  roomBytes = Number.POSITIVE_INFINITY;
  /** Most bytes one `append` takes. */
  maxWriteBytes = Number.POSITIVE_INFINITY;
  appendError: Errno | null = null;
  renameError: (from: string, to: string) => Errno | null = () => null;
  openError: (file: string) => Errno | null = () => null;

  constructor() {
    const real = nodeIo;
    this.io = {
      ...real,
      append: (fd, buffer, offset) => {
        const count = Math.min(buffer.length - offset, this.roomBytes, this.maxWriteBytes);
        if (this.appendError !== null || count <= 0) {
          return this.appendError ?? 'ENOSPC';
        }
        const written = real.append(fd, buffer.subarray(0, offset + count), offset);
        this.roomBytes -= typeof written === 'number' ? written : 0;
        return written;
      },
      rename: (from, to) => this.renameError(from, to) ?? real.rename(from, to),
      open: (file, flags, mode) => this.openError(file) ?? real.open(file, flags, mode),
    };
  }
}

/** Waits, through turns of the event loop, until something has become true. */
export async function until(condition: () => boolean, deadlineMs = 20_000): Promise<void> {
  const endMs = performance.now() + deadlineMs;
  while (!condition()) {
    if (performance.now() > endMs) {
      throw new Error(`still not true after ${deadlineMs} ms: ${condition.toString()}`);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Lets everything happen that is about to happen by itself. */
export async function someTurns(count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Makes something of each kind, under a name of its own. Devices need root. */
export const oddMakers: Readonly<Record<string, (file: string) => void>> = {
  FIFO: makeFifo,
  directory: (file) => fs.mkdirSync(file),
  'link to a device': (file) => fs.symlinkSync('/dev/null', file),
  ...(process.getuid?.() === 0
    ? { device: (file: string): void => void execFileSync('mknod', [file, 'c', '1', '3']) }
    : {}),
};
