/** The shell on a terminal. */
import { statSync } from 'node:fs';
import { expect, it } from 'vitest';

import { ours } from '../../helpers/flavours.ts';
import { describeOnDaemons } from './bench.ts';
import type { Bench } from './bench.ts';
import { hasTerminals, typeInto } from './terminal.ts';
import type { Keystrokes, TerminalResult } from './terminal.ts';

const programs = `
[program:echo]
command=/bin/cat
startsecs=0

[program:worker]
command=/bin/sleep 1000
process_name=w%(process_num)d
numprocs=2
startsecs=0
`;

const prompt = 'supervisor> $';

describeOnDaemons(
  `supervisorctl on a terminal${hasTerminals ? '' : ' (skipped without python3)'}`,
  programs,
  (bench) => {
    const type = (options: readonly string[], ...keystrokes: Keystrokes[]): Promise<TerminalResult> =>
      typeInto(
        bench().sandbox,
        [ours.supervisorctl, '-c', bench().config.configFile, ...options],
        keystrokes,
      );

    it.skipIf(!hasTerminals)('B17.1: completes commands, processes and groups', async () => {
      const { screen, code } = await type(
        [],
        [prompt, 'vers\t'],
        ['version $', '\n'],
        [prompt, 'pid wor\t'],
        ['pid worker:$', 'w1\t'],
        ['w1 $', '\n'],
        [prompt, 'update ec\t'],
        ['update echo $', '\n'],
        [prompt, '\u0004'],
      );
      expect(screen).toMatch(/pid worker:w1 \n\d+\nsupervisor> /);
      expect(screen).toMatch(/supervisor> \n$/);
      expect(code).toBe(0);
    });

    it.skipIf(!hasTerminals)('B17.1: remembers lines, in a file too', async () => {
      const file = bench().sandbox.path('history');
      await type(['-r', file], [prompt, 'version\n'], [prompt, 'quit\n']);
      expect(bench().sandbox.read('history')).toBe('version\nquit\n');
      expect(statSync(file).mode & 0o777).toBe(0o600);
      // Up, up: the line before the last, of the run before.
      const up = '\u001b[A';
      const { screen } = await type(
        ['--history-file', file],
        [prompt, up],
        ['quit$', up],
        ['version$', '\n'],
        [prompt, 'exit\n'],
      );
      expect(screen).toMatch(/version\n\d+\.\d+/);
    });

    it.skipIf(!hasTerminals)('B17.11: ^C ends a tail, then the shell', async () => {
      const { screen, code } = await type(
        [],
        [prompt, 'maintail -f\n'],
        ['entered RUNNING', '\u0003'],
        [prompt, '\u0003'],
      );
      expect(screen).toMatch(/\nsupervisor> \n\n?$/);
      expect(code).toBe(0);
    });

    it.skipIf(!hasTerminals)('B17.12: fg talks to a process', async () => {
      const { screen } = await type(
        [],
        [prompt, 'fg echo\n'],
        ['exit <==', 'hello\n'],
        ['hello\n ?hello\n', '\u0003'],
        ['Exiting foreground\nsupervisor> $', 'fg echo\n'],
        ['exit <==', '\u0004'],
        ['Exiting foreground\nsupervisor> $', '\u0004'],
      );
      expect(screen.match(/Exiting foreground/g)).toHaveLength(2);
    });

    it.skipIf(!hasTerminals)('B17.17: asks before a shutdown, and takes ^D for no answer', async () => {
      const { screen } = await type(
        [],
        [prompt, 'shutdown\n'],
        ['y/N\\? $', 'n\n'],
        [prompt, 'shutdown\n'],
        ['y/N\\? $', '\u0004'],
        [prompt, 'quit\n'],
      );
      expect(screen).toContain("error: <class 'EOFError'>, EOF when reading a line: file: ");
    });

    it.skipIf(!hasTerminals)('B17.1: keeps lines that were pasted together', async () => {
      const { screen } = await type([], [prompt, 'version\npid nosuch\nquit\n']);
      expect(screen).toMatch(/\n\d+\.\d+\S*\nsupervisor> No such process nosuch\n/);
    });
  },
  async (bench: Bench) => {
    await bench.reaches('echo', 'RUNNING');
  },
);
