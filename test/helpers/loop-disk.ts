/** A file system of a test's own that can be frozen: whoever writes to it then hangs, as on a dead NFS or a failing disk. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';

const folder = '/var/tmp';
const sizeMegabytes = 64;

/** A test that is stopped in the middle must not leave anybody hanging for longer. */
const longestFreezeSeconds = 120;

/**
 * Thaws what has been frozen for too long, and thaws and unmounts when its standard input ends, which it does even if
 * the test is killed.
 */
const guardScript = `timeout ${longestFreezeSeconds} cat >/dev/null
fsfreeze --unfreeze "$1"
cat >/dev/null
fsfreeze --unfreeze "$1"
umount --lazy "$1"
rm -rf "$2"`;

export class LoopDisk {
  readonly #directory: string;
  readonly #mount: string;
  readonly #guard: ChildProcess;

  /** @throws where it cannot be made; see {@link reasonAgainstFreezing}. */
  constructor() {
    this.#directory = mkdtempSync(path.join(folder, 'sv-disk-'));
    this.#mount = path.join(this.#directory, 'mount');
    const image = path.join(this.#directory, 'image');
    try {
      mkdirSync(this.#mount);
      execFileSync('truncate', ['--size', `${sizeMegabytes}M`, image]);
      execFileSync('mkfs.ext4', ['-q', '-F', image]);
      execFileSync('mount', ['-o', 'loop', image, this.#mount], { stdio: 'pipe' });
    } catch (error) {
      rmSync(this.#directory, { recursive: true, force: true });
      throw error;
    }
    this.#guard = spawn('/bin/sh', ['-c', guardScript, 'guard', this.#mount, image], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
  }

  /** A path inside. */
  path(...segments: readonly string[]): string {
    return path.join(this.#mount, ...segments);
  }

  /** From now on all writes hang, until it is thawed. */
  freeze(): void {
    // Never the file system that it is mounted in.
    if (statSync(this.#mount).dev === statSync(this.#directory).dev) {
      throw new Error(`${this.#mount} is not mounted`);
    }
    execFileSync('fsfreeze', ['--freeze', this.#mount]);
  }

  /** Also where it is not frozen. */
  thaw(): void {
    try {
      execFileSync('fsfreeze', ['--unfreeze', this.#mount], { stdio: 'pipe' });
    } catch {
      // It was not.
    }
  }

  /** Whoever has files open keeps what is in them until then. */
  async remove(): Promise<void> {
    this.thaw();
    const ended = new Promise((resolve) => {
      this.#guard.once('close', resolve);
    });
    this.#guard.stdin?.end();
    await ended;
    rmdirSync(this.#mount);
    rmdirSync(this.#directory);
  }
}

/** Why tests cannot freeze a file system here, or null when they can: it needs root, a loop device and its tools. */
export function reasonAgainstFreezing(): string | null {
  if (process.getuid?.() !== 0) {
    return 'needs root to mount';
  }
  const missing = ['/usr/sbin/mkfs.ext4', '/usr/sbin/fsfreeze'].filter((tool) => !existsSync(tool));
  if (missing.length > 0) {
    return `not installed: ${missing.join(', ')}`;
  }
  let disk: LoopDisk | null = null;
  try {
    disk = new LoopDisk();
    disk.freeze();
    return null;
  } catch {
    return 'no file system can be mounted by a loop device, or frozen';
  } finally {
    void disk?.remove();
  }
}
