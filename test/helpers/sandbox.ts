/**
 * A place for one test: a short temporary directory, a clean environment, and the knowledge of every process
 * that was started in it, so that none outlives the test unnoticed.
 */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { descendantsOf, isRunning, processesWithVariable, readProcess } from './process-table.ts';
import type { ProcessEntry } from './process-table.ts';
import { signalIfThere } from './signal-process.ts';
import { deadlineMs, waitFor } from './wait.ts';

const markVariable = 'SV_TEST_SANDBOX';

/** How long what was left behind may take to end by itself. */
const momentMs = 1000;

export class Sandbox {
  /** Readable for every user, since programs may run as somebody else. */
  readonly directory: string;
  /** What every process in here is started with; nothing of the surroundings but the way to Node. */
  readonly env: Readonly<Record<string, string>>;
  readonly #roots: ProcessEntry[] = [];
  readonly #seen = new Map<string, ProcessEntry>();
  #closed = false;

  /** @param parent folder to make it in. */
  constructor(parent = os.tmpdir()) {
    this.directory = mkdtempSync(path.join(parent, 'sv-'));
    chmodSync(this.directory, 0o755);
    this.env = {
      PATH: [path.dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
      HOME: this.directory,
      LANG: 'C.UTF-8',
      TMPDIR: this.directory,
      [markVariable]: this.directory,
    };
  }

  /** A path inside. */
  path(...segments: readonly string[]): string {
    return path.join(this.directory, ...segments);
  }

  /** Writes a file inside, with its folders, and returns its path. */
  write(name: string, text: string, mode = 0o644): string {
    const file = this.path(name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, mode);
    return file;
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  /** Makes a daemon known: it is ended at the end of the test, and what it started must end with it. */
  adopt(pid: number): void {
    const entry = readProcess(pid);
    if (entry !== null) {
      this.#roots.push(entry);
      this.#remember(entry);
    }
  }

  /** Takes note of all processes that run now, so that they are looked for at the end. */
  observe(): readonly ProcessEntry[] {
    const current = [
      ...this.#roots.filter((root) => isRunning(root)),
      ...this.#roots.filter((root) => isRunning(root)).flatMap((root) => descendantsOf(root.pid)),
      ...processesWithVariable(`${markVariable}=${this.directory}`),
    ];
    for (const entry of current) {
      this.#remember(entry);
    }
    return current;
  }

  /** Those of the processes ever seen that still run. */
  survivors(): readonly ProcessEntry[] {
    this.observe();
    return [...this.#seen.values()].filter((entry) => isRunning(entry));
  }

  /**
   * Ends the daemons, kills what is left and removes the directory. What ends by itself within a moment, such as the short
   * sleep of a shell that was ended, is not left.
   *
   * @throws when a daemon does not end on TERM, or has left processes behind.
   */
  async close(): Promise<void> {
    if (this.#closed) {
      return;
    }
    this.#closed = true;
    try {
      await this.#endDaemons();
    } finally {
      await this.#survivorsEnd();
      const left = this.killSurvivors();
      rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
      if (left.length > 0) {
        const lines = left.map((entry) => `  ${entry.pid} (parent ${entry.parentPid}) ${entry.command}`);
        // oxlint-disable-next-line no-unsafe-finally -- this failure tells more than the one it may replace
        throw new Error(`processes left behind:\n${lines.join('\n')}`);
      }
    }
  }

  /** Kills everything that still runs in here and says what that was. For tests that leave orphans on purpose. */
  killSurvivors(): readonly ProcessEntry[] {
    const left = this.survivors();
    for (const { pid } of left) {
      signalIfThere(pid, 'SIGKILL');
    }
    return left;
  }

  async #endDaemons(): Promise<void> {
    this.observe();
    for (const root of this.#roots) {
      if (isRunning(root)) {
        signalIfThere(root.pid, 'SIGTERM');
        await waitFor(`daemon ${root.pid} to end on TERM`, () => !isRunning(root), deadlineMs);
      }
    }
  }

  /** Whether they did so in time. */
  #survivorsEnd(): Promise<boolean> {
    return waitFor('the rest to end', () => this.survivors().length === 0, momentMs).catch(() => false);
  }

  #remember(entry: ProcessEntry): void {
    this.#seen.set(`${entry.pid}@${entry.startTicks}`, entry);
  }
}
