/** Where a path leads, and what is taken on the way to it. */
import type { NativePlace, NativeSeen } from '../native/binding.ts';

export interface Admitted {
  /** Users whose links and files are taken, besides those of root, the daemon's user and whose directory it is. */
  readonly friends: ReadonlySet<number>;
  /**
   * Links of root or the daemon's user that are where they put them, in directories whose names others can exchange: devices and
   * inodes in turn, or every such link.
   */
  readonly links: readonly number[] | 'all';
}

export interface PathOptions extends Admitted {
  /** What a last name that is a link stands for: its target, or itself. */
  readonly lastLink: 'follow' | 'keep';
}

export interface KeptLink {
  readonly target: string;
  /** Root or the daemon's user has put it there. */
  readonly isOurs: boolean;
}

/** Where a path leads; valid until the walk is over. */
export interface Place {
  /** For system calls. */
  readonly path: string;
  /** The directory, if others can write it: what is there may be another thing at any moment. */
  readonly openDirectory: NativeSeen | null;
  /** What was seen there, if it is not below /proc; null: nothing. */
  readonly found: NativeSeen | null;
  /** Set when it is a link, which was kept. */
  readonly link: KeptLink | null;
  /** The path of another name in the same directory. */
  pathOf(name: string): string;
}

/** What the walk has come to; its descriptor must stay open as long as the place is used. */
export function placeOf({ fd, directory, name, openDirectory, found, link }: NativePlace): Place {
  const at = fd === null ? directory : descriptorPath(fd);
  const pathOf = (other: string): string => `${at === '/' ? '' : at}/${other}`;
  return { path: pathOf(name), openDirectory, found, link, pathOf };
}

export function descriptorPath(fd: number): string {
  return `/proc/self/fd/${fd}`;
}
