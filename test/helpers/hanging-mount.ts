/** A file system that answers nobody, as that of an NFS server which is gone: a FUSE mount that nobody serves. */
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmdirSync } from 'node:fs';

export interface HangingMount {
  /** What waits for it is told that it is gone. Idempotent. */
  readonly end: () => void;
}

/** Mounts one at a directory, which is made: what asks it anything waits until its end. Null: cannot be had here. */
export function mountHanging(directory: string): HangingMount | null {
  mkdirSync(directory, { recursive: true });
  let fd: number;
  try {
    fd = openSync('/dev/fuse', 'r+');
  } catch {
    return null;
  }
  const options = 'fd=3,rootmode=40000,user_id=0,group_id=0';
  const mount = spawnSync('mount', ['-i', '-t', 'fuse', '-o', options, 'nobody', directory], {
    stdio: ['ignore', 'ignore', 'ignore', fd],
  });
  if (mount.status !== 0) {
    closeSync(fd);
    return null;
  }
  let isOver = false;
  return {
    end: () => {
      if (!isOver) {
        isOver = true;
        closeSync(fd);
        execFileSync('umount', ['-l', directory]);
      }
    },
  };
}

/** Why there can be none here, or null when there can. */
export function reasonAgainstHanging(): string | null {
  const probe = mkdtempSync('/tmp/sv-');
  const mount = mountHanging(probe);
  mount?.end();
  rmdirSync(probe);
  return mount === null ? 'needs root and /dev/fuse' : null;
}
