/** Mounts that only the program under test sees. */
import { execFileSync } from 'node:child_process';

/** Why tests cannot mount anything here, or null when they can: it needs root, and a container that allows it. */
export function reasonAgainstMounting(): string | null {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'probe', '/mnt'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'mounting is not permitted';
  }
}
