import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const ours = path.join(import.meta.dirname, '..', 'bin', 'pidproxy');
const original = '/usr/bin/pidproxy';

/** Writes its pid to the file named by its first argument, then names every signal it gets; TERM ends it. */
const daemon = `
for name in HUP USR1 USR2; do trap "echo $name" $name; done
trap 'echo TERM; exit' TERM
echo $$ > "$0"
echo ready
while :; do sleep 60 & wait $!; kill $! 2>/dev/null; done`;

let folder = '';
let pidfile = '';
const started: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sv-'));
  pidfile = path.join(folder, 'pid');
});

afterEach(() => {
  for (const { pid } of started.splice(0)) {
    try {
      process.kill(-(pid ?? 0), 'SIGKILL');
    } catch {
      // Everything of the group has ended by itself.
    }
  }
  rmSync(folder, { recursive: true });
});

/** Starts a pidproxy as the leader of a group, to be cleaned up as one. */
function start(program: string, args: readonly string[]) {
  const child = spawn(program, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, exited: once(child, 'exit'), nextLine: async () => String((await lines.next()).value) };
}

describe.each([
  ['ours', ours],
  ['the original, from the package supervisor', original],
])('pidproxy: %s', (_, program) => {
  it.skipIf(!existsSync(program))(
    'B12.5: passes signals on to the pid in the file, and ends with TERM',
    async () => {
      const { child, exited, nextLine } = start(program, [pidfile, '/bin/sh', '-c', daemon, pidfile]);
      expect(await nextLine()).toBe('ready');
      for (const name of ['HUP', 'USR1', 'USR2', 'TERM'] as const) {
        child.kill(`SIG${name}`);
        expect(await nextLine()).toBe(name);
      }
      expect(await exited).toEqual([0, null]);
    },
  );

  it.skipIf(!existsSync(program))('B12.5: says when it cannot read the pidfile, and goes on', async () => {
    const script = `echo ready; read line < '${folder}/fifo'; exit 3`;
    const { child, nextLine } = start(program, [
      pidfile,
      '/bin/sh',
      '-c',
      `mkfifo '${folder}/fifo'; ${script}`,
    ]);
    expect(await nextLine()).toBe('ready');
    child.kill('SIGTERM');
    expect(await nextLine()).toBe(`Can't read child pidfile ${pidfile}!`);
    expect(child.exitCode).toBeNull();
  });

  it.skipIf(!existsSync(program))('B12.5: prints its usage without a command', async () => {
    const { exited, nextLine } = start(program, [pidfile]);
    const lines = [];
    for (let line = await nextLine(); line !== 'undefined'; line = await nextLine()) {
      lines.push(line);
    }
    expect(lines.join('\n')).toMatch(/Usage: \S*pidproxy <pidfile name> <command> \[<cmdarg1> \.\.\.\]/);
    expect(await exited).toEqual([1, null]);
  });
});

describe('pidproxy', () => {
  it('B12.5: ends with 0 as soon as the command has, whatever its exit code', async () => {
    const { exited } = start(ours, [pidfile, '/bin/sh', '-c', 'exit 3']);
    expect(await exited).toEqual([0, null]);
  });

  it('gives the command its name as it was typed', async () => {
    const { nextLine } = start(ours, [pidfile, '/bin/../bin/sh', '-c', 'cat /proc/$$/cmdline']);
    expect(await nextLine()).toMatch(/^\/bin\/\.\.\/bin\/sh\0-c\0/);
  });

  it('ends with 127 when the command cannot be started', async () => {
    const { child, exited } = start(ours, [pidfile, '/no/such/command']);
    let stderr = '';
    child.stderr?.on('data', (text) => (stderr += String(text)));
    expect(await exited).toEqual([127, null]);
    expect(stderr).toMatch(/^pidproxy: cannot start \/no\/such\/command: /);
  });
});
