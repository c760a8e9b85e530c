import type { Descriptor } from '../system/descriptor.ts';

/** A socket that the processes of a group have as their stdin, as a process sees it. */
export interface SharedSocket {
  /**
   * Takes the socket for a process until {@link release}; the first one opens it. Asking again changes nothing. The
   * descriptor stays its owner's.
   */
  acquire(holder: object): SharedSocketOutcome;
  /** The process needs it no longer, if it ever did; without anybody who does it is closed. */
  release(holder: object): void;
}

export type SharedSocketOutcome =
  | { readonly ok: true; readonly fd: Descriptor }
  /** `reason` is an errno's name, or a sentence about what is in the way. */
  | { readonly ok: false; readonly message: string; readonly reason: string };
