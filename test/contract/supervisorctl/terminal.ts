/**
 * A person at a terminal: waits for a text on the screen, then types.
 *
 * The terminal comes from Python's `pty` module, since Node has none.
 */
import { spawnSync } from 'node:child_process';

import { runProgram } from '../../helpers/run-program.ts';
import type { Sandbox } from '../../helpers/sandbox.ts';

export const hasTerminals = spawnSync('python3', ['-c', 'import pty']).status === 0;

/** What has to stand at the end of the screen, as a regular expression, and what is typed then. */
export type Keystrokes = readonly [awaited: string, typed: string];

export interface TerminalResult {
  /** Everything shown, without control sequences and with plain line ends. */
  readonly screen: string;
  /** Everything written to the terminal, as it came. */
  readonly raw: string;
  readonly code: number | null;
}

const driver = String.raw`
import json, os, pty, re, select, sys, time
argv = sys.argv[1:]
steps = json.load(sys.stdin)
pid, fd = pty.fork()
if pid == 0:
    os.execvp(argv[0], argv)
shown, seen = b'', 0
def plain(data):
    return re.sub(rb'\x1b\[[0-9;?]*[A-Za-z]|\r|\x07', b'', data)
def read():
    global shown
    try:
        data = os.read(fd, 65536)
    except OSError:
        data = b''
    shown += data
    return data != b''
for awaited, typed in steps:
    deadline = time.monotonic() + 15
    while not re.search(awaited.encode(), plain(shown[seen:])):
        if time.monotonic() > deadline or (select.select([fd], [], [], 0.5)[0] and not read()):
            os.kill(pid, 9)
            sys.exit('waited in vain for %r; shown: %r' % (awaited, shown))
    seen = len(shown)
    os.write(fd, typed.encode())
while read():
    pass
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
json.dump({'screen': plain(shown).decode(), 'raw': shown.decode(), 'code': status}, sys.stdout)
`;

/** Runs a program on a terminal until it ends; fails when something awaited does not come. */
export async function typeInto(
  sandbox: Sandbox,
  command: readonly string[],
  keystrokes: readonly Keystrokes[],
): Promise<TerminalResult> {
  const result = await runProgram('/usr/bin/env', ['python3', '-c', driver, ...command], {
    env: { ...sandbox.env, TERM: 'xterm' },
    cwd: sandbox.directory,
    input: JSON.stringify(keystrokes),
  });
  if (result.code !== 0) {
    throw new Error(`${command.join(' ')}: ${result.stderr}`);
  }
  return JSON.parse(result.stdout) as TerminalResult;
}
