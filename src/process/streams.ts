/**
 * The streams of one process: where its output goes, for as long as the daemon knows it, and its stdin, while it has a
 * child. One stream that fails is reported and harms neither the others nor the process.
 */
import type { Descriptor } from '../system/descriptor.ts';
import type { ProcessOutputs } from './output.ts';
import type { OwnEnds } from './spawner.ts';
import type { ProcessStdin, StdinOutcome } from './stdin.ts';

/** Does a piece of work, and reports what it throws as an error in `what`. */
export type Contain = (what: string, work: () => void) => void;

export class ProcessStreams {
  readonly outputs: ProcessOutputs;
  readonly #contain: Contain;
  #stdin: ProcessStdin | null = null;

  constructor(outputs: ProcessOutputs, contain: Contain) {
    this.outputs = outputs;
    this.#contain = contain;
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

  /** The child has ended: takes what is left of its output, and lets its pipes go. */
  finish(): void {
    this.#contain('stdout', () => this.outputs.stdout.finish());
    this.#contain('stderr', () => this.outputs.stderr?.finish());
    this.#contain('stdin', () => this.#stdin?.close());
    this.#stdin = null;
  }

  /** Queues bytes for the child's stdin; `closed` also when it has none. */
  write(bytes: Uint8Array): StdinOutcome {
    return this.#stdin === null ? 'closed' : this.#stdin.write(bytes);
  }

  /** Removes and reopens both logs. */
  clearLogs(): 'cleared' | 'failed' {
    const stdoutCleared = this.outputs.stdout.clear();
    const stderrCleared = this.outputs.stderr?.clear() ?? true;
    return stdoutCleared && stderrCleared ? 'cleared' : 'failed';
  }

  reopenLogs(): void {
    this.outputs.stdout.reopen();
    this.outputs.stderr?.reopen();
  }

  close(): void {
    this.outputs.stdout.close();
    this.outputs.stderr?.close();
  }
}
