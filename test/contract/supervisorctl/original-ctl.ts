/** The original's supervisorctl, kept loaded, so that hundreds of its runs can be compared. */
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Interface } from 'node:readline';

import type { ProgramResult } from '../../helpers/run-program.ts';
import type { Sandbox } from '../../helpers/sandbox.ts';

export class OriginalCtl {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers: Interface;
  /** Runs come one after the other. */
  #last: Promise<unknown> = Promise.resolve();
  #complaints = '';

  constructor(sandbox: Sandbox) {
    this.#child = spawn('/usr/bin/python3', [path.join(import.meta.dirname, 'original-ctl.py')], {
      cwd: sandbox.directory,
      env: sandbox.env,
    });
    sandbox.adopt(this.#child.pid ?? 0);
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.#complaints += chunk.toString();
    });
    this.#answers = createInterface(this.#child.stdout);
  }

  /** One run with these arguments, all of them, and this standard input. */
  run(args: readonly string[], input = ''): Promise<ProgramResult> {
    const answered = this.#last.then(() => this.#ask(JSON.stringify({ args, input })));
    this.#last = answered.catch(() => undefined);
    return answered;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stdin.end();
    await closed;
  }

  #ask(job: string): Promise<ProgramResult> {
    return new Promise((resolve, reject) => {
      const onEnd = (): void => {
        reject(new Error(`the original's supervisorctl cannot be run: ${this.#complaints}`));
      };
      this.#answers.once('close', onEnd).once('line', (line) => {
        this.#answers.off('close', onEnd);
        resolve(JSON.parse(line) as ProgramResult);
      });
      this.#child.stdin.write(`${job}\n`);
    });
  }
}
