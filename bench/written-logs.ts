/** What the benchmarks of logs have in common: a daemon whose programs begin to write when they are told to. */
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  openSync,
  readFileSync,
  readdirSync,
  statSync,
  writeSync,
} from 'node:fs';
import { Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

import { writeConfig } from '../test/helpers/config.ts';
import type { ScenarioConfig } from '../test/helpers/config.ts';
import { type ForegroundDaemon, startDaemon } from '../test/helpers/daemon.ts';
import type { Flavour } from '../test/helpers/flavours.ts';
import { Sandbox } from '../test/helpers/sandbox.ts';
import { signalProcess } from '../test/helpers/signal-process.ts';
import { waitFor } from '../test/helpers/wait.ts';
import { childProgram } from './child-programs.ts';

/** Logs go to memory where that is possible, unless it is the disk that is measured. */
const memoryFolder = existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir();
/** On a disk even where `/tmp` is in memory. */
export const diskFolder = '/var/tmp';

/** What Linux tells every process, whatever the kernel's own are. */
const ticksPerSecond = 100;

/** How a writer fared, from its first write to the end of its last. */
export interface Written {
  readonly seconds: number;
  /** Of a single write. */
  readonly longestMs: number;
}

/** One round: its directory, and the FIFOs by which writers are started and report. */
export class LogRound {
  readonly sandbox: Sandbox;
  readonly #go: string;
  readonly #done: string;
  readonly #goFd: number;
  readonly #reports: Socket;
  readonly #lines: AsyncIterator<string>;

  constructor(folder = memoryFolder) {
    this.sandbox = new Sandbox(folder);
    this.#go = this.sandbox.path('go');
    this.#done = this.sandbox.path('done');
    execFileSync('mkfifo', [this.#go, this.#done]);
    // Open for reading and writing, so that they never end while writers come and go.
    this.#goFd = openSync(this.#go, constants.O_RDWR);
    const doneFd = openSync(this.#done, constants.O_RDWR | constants.O_NONBLOCK);
    this.#reports = new Socket({ fd: doneFd, readable: true, writable: false });
    this.#lines = createInterface({ input: this.#reports })[Symbol.asyncIterator]();
  }

  /** The command of a writer; see writer.c. */
  writer(mode: 'flood' | 'paced', count: number, detail: number): readonly string[] {
    return [childProgram('writer'), mode, this.#go, this.#done, String(count), String(detail)];
  }

  /** Lets so many writers begin. */
  begin(writers: number): void {
    writeSync(this.#goFd, Buffer.alloc(writers));
  }

  /** Waits for one writer to end. */
  async written(): Promise<Written> {
    const line: unknown = (await this.#lines.next()).value;
    const [seconds = Number.NaN, longest = Number.NaN] = String(line).split(' ').map(Number);
    return { seconds, longestMs: longest * 1000 };
  }

  /** Waits until so many bytes are in a log and its backups. */
  async logged(log: string, bytes: number): Promise<void> {
    await waitFor(`${bytes} bytes in ${log}`, () => this.#bytesOf(log) === bytes);
  }

  /** Waits until a log and its backups grow no more, where some of them are removed meanwhile. */
  async settled(log: string): Promise<void> {
    let last = -1;
    await waitFor(`the end of ${log}`, () => {
      const before = last;
      last = this.#bytesOf(log);
      return last === before;
    });
  }

  #bytesOf(log: string): number {
    const { dir, base } = path.parse(this.sandbox.path(log));
    return readdirSync(dir)
      .filter((name) => name.startsWith(base))
      .reduce((sum, name) => sum + (statSync(path.join(dir, name), { throwIfNoEntry: false })?.size ?? 0), 0);
  }

  /** Waits until something is in a log. */
  async growing(log: string, timeoutMs?: number): Promise<void> {
    await waitFor(`bytes in ${log}`, () => statSync(this.sandbox.path(log)).size > 0, timeoutMs);
  }

  /** A daemon with these programs, and further lines of its own section. */
  async start(
    flavour: Flavour,
    programs: string,
    daemonOptions = '',
  ): Promise<{ readonly daemon: ForegroundDaemon; readonly config: ScenarioConfig }> {
    const config = writeConfig(this.sandbox, programs, daemonOptions);
    const daemon = await startDaemon(this.sandbox, flavour, { configFile: config.configFile });
    return { daemon, config };
  }

  /** Kills everything, where an ordered end would take minutes. */
  async kill({ pid, ended }: ForegroundDaemon): Promise<void> {
    this.sandbox.observe();
    signalProcess(pid, 'SIGKILL');
    await ended;
    this.sandbox.killSurvivors();
  }

  async close(): Promise<void> {
    closeSync(this.#goFd);
    this.#reports.destroy();
    await this.sandbox.close();
  }
}

/** CPU seconds that a process has used so far, all of its threads together, those that have ended too. See proc(5). */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // What comes before the last parenthesis is the name, which may have spaces.
  const [, , , , , , , , , , , user = '', system = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(user) + Number(system)) / ticksPerSecond;
}
