/**
 * What a process asks of the place where its output goes. `logging/` implements it; the process neither knows
 * files nor reads pipes.
 *
 * A file system may take its time, or never answer. So what needs one calls back: once, within the call if possible. A run is
 * `open`, `attach`, `finish`; a start that comes to nothing leaves out `attach`, or all but `finish`. `finish` may come before `open` has
 * been answered, which nobody waits for any more then; `open` comes again only when `finish` has been answered.
 */
import type { ProcessSettings } from '../config/settings.ts';
import type { Descriptor } from '../system/descriptor.ts';

export interface ProcessOutput {
  /** Path of the log file, AUTO resolved; null when the stream goes to no file. */
  readonly logPath: string | null;
  /** How many milliseconds output has been kept waiting by the place where it goes; 0: it is not. */
  readonly blockedForMs: number;
  /**
   * Opens the log before a start, so that it exists even if nothing is written. Null, or the errno's name. A start waits a second
   * for it: then the output is attached while it is still being opened, and holds the pipe until it can write.
   */
  open(opened: (problem: string | null) => void): void;
  /** Takes over the non-blocking read end of the pipe of a new child. */
  attach(fd: Descriptor, pid: number): void;
  /**
   * The child has ended, or none was made: takes what is in the pipe at that moment and writes it, then closes it, whoever else
   * holds it. Answered after a second at the latest.
   */
  finish(finished: () => void): void;
  /** Writes a remark of the daemon's own into the log, which may still be being opened. */
  note(text: string): void;
  /** Reopens the file, after somebody moved it. */
  reopen(): void;
  /** Removes and reopens the file; false when it could not be removed. */
  clear(cleared: (ok: boolean) => void): void;
  /** The process is removed from the daemon: lets go of everything. What has not been answered yet need not be. */
  close(): void;
}

/** The outputs of a process; `stderr` is null when it goes where stdout goes. */
export interface ProcessOutputs {
  readonly stdout: ProcessOutput;
  readonly stderr: ProcessOutput | null;
  /** Why the logs of these settings could not be written; null: they can. Files that are not there are created. */
  check(settings: ProcessSettings, checked: (problem: string | null) => void): void;
  /**
   * Goes on with the log settings of these, from the next byte on. Where a log cannot be opened the stream keeps the one
   * it has. `redirect_stderr` may differ only while there is no child.
   */
  configure(settings: ProcessSettings): void;
}
