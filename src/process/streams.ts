/**
 * The streams of one process: where its output goes, for as long as the daemon knows it, and its stdin, while it has a
 * child. One stream that fails is reported and harms neither the others nor the process.
 */
import type { Descriptor } from '../system/descriptor.ts';
import { askAll, type Question } from '../system/answers.ts';
import type { ProcessOutput, ProcessOutputs } from './output.ts';
import type { OwnEnds } from './spawner.ts';
import type { ProcessStdin, StdinOutcome } from './stdin.ts';

/** Does a piece of work, and reports what it throws as an error in `what`. */
export type Contain = (what: string, work: () => void) => void;

/** `failed`: a file could not be removed. */
export type ClearOutcome = 'cleared' | 'failed';

export class ProcessStreams {
  readonly outputs: ProcessOutputs;
  readonly #contain: Contain;
  #stdin: ProcessStdin | null = null;

  constructor(outputs: ProcessOutputs, contain: Contain) {
    this.outputs = outputs;
    this.#contain = contain;
  }

  /**
   * Opens both logs, together, since one of them may take its time. Null, or the errno's name: of stdout, if both have failed. What
   * is wrong with stdout at once leaves stderr alone.
   */
  open(opened: (problem: string | null) => void): void {
    const { stdout, stderr } = this.outputs;
    let stdoutProblem: string | null = null;
    const openStdout: Question<string | null> = (answered) =>
      stdout.open((problem) => {
        stdoutProblem = problem;
        answered(problem);
      });
    const openStderr: Question<string | null> = (answered) => {
      if (stderr === null || stdoutProblem !== null) {
        answered(null);
      } else {
        stderr.open(answered);
      }
    };
    askAll([openStdout, openStderr], ([first, second]) => opened(first ?? second ?? null));
  }

  /** Takes over the daemon's ends of a new child's pipes. */
  attach(pid: number, pipes: OwnEnds, openStdin: (fd: Descriptor) => ProcessStdin): void {
    const { stdout, stderr } = this.outputs;
    const { stdin: stdinFd, stderr: stderrFd } = pipes;
    this.#contain('stdout', () => stdout.attach(pipes.stdout, pid));
    if (stderr !== null && stderrFd !== null) {
      this.#contain('stderr', () => stderr.attach(stderrFd, pid));
    }
    if (stdinFd !== null) {
      this.#contain('stdin', () => {
        this.#stdin = openStdin(stdinFd);
      });
    }
  }

  /** The child has ended, or none was made: takes what is left of its output, and lets its pipes go. */
  finish(finished: () => void): void {
    this.#contain('stdin', () => this.#stdin?.close());
    this.#stdin = null;
    this.#askEach(
      (output, done) => output.finish(() => done(true)),
      () => finished(),
    );
  }

  /** Queues bytes for the child's stdin; `closed` also when it has none. */
  write(bytes: Uint8Array): StdinOutcome {
    return this.#stdin === null ? 'closed' : this.#stdin.write(bytes);
  }

  /** Removes and reopens both logs. */
  clearLogs(cleared: (outcome: ClearOutcome) => void): void {
    this.#askEach(
      (output, done) => output.clear(done),
      (isClear) => cleared(isClear ? 'cleared' : 'failed'),
    );
  }

  reopenLogs(): void {
    this.outputs.stdout.reopen();
    this.outputs.stderr?.reopen();
  }

  close(): void {
    this.outputs.stdout.close();
    this.outputs.stderr?.close();
  }

  /** Asks both outputs at the same time for the same thing; `done` is told whether it was done in both. */
  #askEach(
    ask: (output: ProcessOutput, answered: (ok: boolean) => void) => void,
    done: (ok: boolean) => void,
  ): void {
    const { stdout, stderr } = this.outputs;
    const asked = [{ name: 'stdout', output: stdout }];
    if (stderr !== null) {
      asked.push({ name: 'stderr', output: stderr });
    }
    const questions = asked.map(({ name, output }): Question<boolean> => (answered) => {
      this.#contain(name, () => {
        try {
          ask(output, answered);
        } catch (error) {
          answered(false);
          throw error;
        }
      });
    });
    askAll(questions, (answers) => done(answers.every((ok) => ok)));
  }
}
