/** The original's configuration parser as a child process that answers one request after the other. */
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const python = '/usr/bin/python3';

/** Whether Debian's `supervisor` package is installed. */
export const hasOriginal = spawnSync(python, ['-c', 'import supervisor.options']).status === 0;

/** For titles of suites that need it. */
export const originalNote = hasOriginal ? '' : ' (skipped: Debian package supervisor is not installed)';

export interface Original {
  ask(request: object): Promise<unknown>;
  close(): Promise<void>;
}

/** Who waits for the next line. */
interface Waiting {
  readonly resolve: (line: string) => void;
  readonly reject: (reason: Error) => void;
}

/** Starts it; whoever starts it closes it. */
export function startOriginal(): Original {
  const child = spawn(python, ['-X', 'utf8', join(import.meta.dirname, 'original.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const waiting: Waiting[] = [];
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      for (const { reject } of waiting.splice(0)) {
        reject(new Error('the original ended without an answer'));
      }
      resolve();
    });
  });
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.resolve(line));
  return {
    async ask(request) {
      const answer = new Promise<string>((resolve, reject) => {
        waiting.push({ resolve, reject });
      });
      child.stdin.write(`${JSON.stringify(request)}\n`);
      return JSON.parse(await answer) as unknown;
    },
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}
