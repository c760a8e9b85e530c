/** A {@link PumpedFile} on a fake pump, with jobs that are carried out when a test lets them. */
import fs from 'node:fs';
import path from 'node:path';

import type { Errno } from '../system/errno.ts';
import { FakeClock } from '../system/fake-clock.ts';
import { FakePump } from './fake-pump.fixture.ts';
import { logFilesOver } from './log-files.fixture.ts';
import { FaultyIo } from './logging.fixture.ts';
import { openForAppend } from './open-log.ts';
import { PumpedFile } from './pumped-file.ts';
import type { SizeLimits } from './rotation.ts';
import { Turns } from './turns.fixture.ts';

export class PumpedFileWorld {
  readonly clock = new FakeClock();
  readonly faults = new FaultyIo();
  readonly reports: string[] = [];
  drains = 0;
  changes = 0;
  /** Turns of the pump, and those in which jobs are carried out. */
  readonly pumping = new Turns();
  readonly working = new Turns();
  /** What the pump answers when it is asked whether it is in the middle of something. */
  isBusy: () => boolean = () => false;
  readonly pump = new FakePump(this.faults.io, this.clock, {
    later: this.pumping.later,
    isBusy: () => this.isBusy(),
  });
  readonly file: PumpedFile;

  constructor(logPath: string) {
    const { io } = this.faults;
    const opened = openForAppend(io, logPath, 0o666);
    if (typeof opened === 'string') {
      throw new Error(`cannot open ${logPath}: ${opened}`);
    }
    const file = PumpedFile.open(opened, {
      pump: this.pump,
      files: logFilesOver(io, this.working.later),
      clock: this.clock,
      path: logPath,
      mode: 0o666,
      observer: {
        drained: () => void (this.drains += 1),
        changed: () => void (this.changes += 1),
        report: (level, message) => void this.reports.push(`${level}: ${message}`),
      },
    });
    if (typeof file === 'string') {
      throw new Error(`the pump does not take ${logPath}: ${file}`);
    }
    this.file = file;
  }

  /** Hands over a piece, and does nothing yet. */
  push(chunk: string, limits: SizeLimits): void {
    this.file.write(Buffer.from(chunk, 'latin1'), limits);
  }

  /** Hands over a piece, and lets all happen that comes of it. */
  write(chunk: string, limits: SizeLimits): void {
    this.push(chunk, limits);
    this.settle();
  }

  /** Lets everything happen that needs no time. */
  settle(): void {
    while (!this.pumping.isIdle || !this.working.isIdle) {
      this.pumping.run();
      this.working.run();
    }
  }

  advance(ms: number): void {
    this.clock.advance(ms);
    this.settle();
  }

  /** What `clear` answers; undefined: nothing yet. */
  clear(): Errno | null | undefined {
    return this.#answerOf((done) => this.file.clear(done));
  }

  refresh(): Errno | null | undefined {
    return this.#answerOf((done) => this.file.refresh(done));
  }

  /** How often it was told that it is closed. */
  close(): number {
    let count = 0;
    this.file.close(() => (count += 1));
    this.settle();
    return count;
  }

  #answerOf(ask: (done: (errno: Errno | null) => void) => void): Errno | null | undefined {
    const answers: (Errno | null)[] = [];
    ask((errno) => void answers.push(errno));
    this.settle();
    if (answers.length > 1) {
      throw new Error(`answered ${answers.length} times`);
    }
    return answers[0];
  }
}

/** The files of a directory by name. */
export function contents(dir: string): Record<string, string> {
  return Object.fromEntries(
    fs
      .readdirSync(dir)
      .sort()
      .map((name) => [name, fs.readFileSync(path.join(dir, name), 'latin1')]),
  );
}
