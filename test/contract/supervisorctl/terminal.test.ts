/** The shell on a terminal. */
import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { flavours, original, ours } from '../../helpers/flavours.ts';
import type { Flavour } from '../../helpers/flavours.ts';
import { runProgram } from '../../helpers/run-program.ts';
import { Bench, describeOnDaemons, reasonAgainst } from './bench.ts';
import { normalize } from './normalize.ts';
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

/** What changes from one moment to the next is taken out, with the width it took. */
function withoutTimes(text: string): string {
  const plain = text.replaceAll(/\d+/g, 'N').replaceAll(/ +/g, ' ');
  // A terminal shows stdout and stderr in the order they were written in.
  return plain.split('\n').sort().join('\n');
}

describeOnDaemons(
  `supervisorctl on a terminal${hasTerminals ? '' : ' (skipped without python3)'}`,
  programs,
  (bench) => {
    const typeTo = (
      ctl: Flavour,
      options: readonly string[],
      keystrokes: readonly Keystrokes[],
    ): Promise<TerminalResult> =>
      typeInto(bench().sandbox, [ctl.supervisorctl, '-c', bench().config.configFile, ...options], keystrokes);
    const type = (options: readonly string[], ...keystrokes: Keystrokes[]): Promise<TerminalResult> =>
      typeTo(ours, options, keystrokes);

    it.skipIf(!hasTerminals).each<[string, Keystrokes[]]>([
      [
        'commands',
        [
          [prompt, 'version\n'],
          [prompt, '\n'],
          [prompt, 'nosuch\n'],
          [prompt, 'pid nosuch\n'],
          [prompt, 'quit\n'],
        ],
      ],
      [
        '^D',
        [
          [prompt, 'status echo\n'],
          [prompt, '\u0004'],
        ],
      ],
      [
        'no for an answer',
        [
          [prompt, 'shutdown\n'],
          ['y/N\\? $', 'n\n'],
          [prompt, 'reload\n'],
          ['y/N\\? $', 'no\n'],
          [prompt, 'exit\n'],
        ],
      ],
    ])('B17.1: B17.17: shows what the original shows: %s', async (_, keystrokes) => {
      const shown = async (ctl: Flavour): Promise<unknown> => {
        const { screen, code } = await typeTo(ctl, [], keystrokes);
        return { screen: normalize(screen, bench().sandbox.directory), code };
      };
      expect(await shown(ours)).toEqual(await shown(original));
    });

    it.skipIf(!hasTerminals)('B17.1: completes and recalls what the original does', async () => {
      const keystrokes: Keystrokes[] = [
        [prompt, 'vers\t'],
        ['version $', '\n'],
        [prompt, 'pid wor\t'],
        ['pid worker:$', 'w1\t'],
        ['w1 $', '\n'],
        [prompt, 'help maint\t'],
        ['maintail $', '\n'],
        [prompt, 'stop ech\t'],
        ['stop echo $', '\u0015nosuch x\n'],
        [prompt, '\u001b[A'],
        ['nosuch x$', '\n'],
        [prompt, 'exit\n'],
      ];
      // How the line is drawn meanwhile is the editor's; what came of it is compared.
      const cameOf = async (ctl: Flavour): Promise<unknown> => {
        const { screen, code } = await typeTo(ctl, [], keystrokes);
        const lines = normalize(screen, bench().sandbox.directory).split('\n');
        return { lines: lines.filter((line) => !/^supervisor> |^maintail|^exit|^$/.test(line)), code };
      };
      expect(await cameOf(ours)).toEqual(await cameOf(original));
    });

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

    it
      .skipIf(!hasTerminals)
      .each([
        ['status'],
        ['status', 'echo'],
        ['status', 'nosuch'],
        ['status', '--wide'],
        ['start', 'echo'],
        ['restart', 'worker:*'],
        ['stop', 'nosuch', 'echo'],
        ['signal', 'HUP', 'nosuch'],
        ['pid', 'all'],
        ['avail'],
        ['reread'],
        ['update'],
        ['update', '--dry-run'],
        ['tail', 'echo'],
        ['maintail', '-5'],
        ['wait', 'RUNNING', 'worker:*'],
        ['config', 'echo'],
        ['check'],
        ['version'],
        ['help'],
        ['help', 'tail'],
        ['nosuch'],
      ])('a single command writes to a terminal what it writes to a pipe: %s %s %s', async (...args) => {
      const { sandbox, config } = bench();
      const options = ['-c', config.configFile, ...args];
      // One after the other, from the same start: some of them change what runs.
      await bench().call('startAllProcesses');
      const onTerminal = await typeInto(sandbox, [ours.supervisorctl, ...options], []);
      await bench().call('startAllProcesses');
      const piped = await runProgram(ours.supervisorctl, options, {
        env: sandbox.env,
        cwd: sandbox.directory,
      });
      expect(withoutTimes(onTerminal.raw.replaceAll('\r\n', '\n'))).toBe(
        withoutTimes(piped.stdout + piped.stderr),
      );
      expect(onTerminal.code).toBe(piped.code);
    });

    it.skipIf(!hasTerminals)('colors a single command for who asks, on a terminal or not', async () => {
      const { configFile } = bench().config;
      const { raw } = await typeInto(
        bench().sandbox,
        [ours.supervisorctl, '-c', configFile, '--color=auto', 'status', 'echo'],
        [],
      );
      expect(raw).toContain('\u001b[32mRUNNING');
      const { stdout } = await runProgram(ours.supervisorctl, ['-c', configFile, 'status', 'echo'], {
        env: { ...bench().sandbox.env, CLICOLOR_FORCE: '1' },
        cwd: bench().sandbox.directory,
      });
      expect(stdout).toContain('\u001b[32mRUNNING');
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

for (const daemon of flavours) {
  const reason = hasTerminals ? reasonAgainst(daemon) : 'no python3';
  describe.skipIf(reason !== null)(
    `supervisorctl asks who is there, on ${daemon.name} supervisord${reason === null ? '' : ` (${reason})`}`,
    () => {
      it('B17.2: on a terminal, and never shows the password', async () => {
        // More of a section that is there already.
        const bench = await Bench.start(
          daemon,
          `[program:echo]\ncommand=/bin/cat\nautostart=false\n[unix_http_server]\nusername=user\npassword=pass\n`,
        );
        try {
          const shown = async (ctl: Flavour): Promise<TerminalResult> =>
            typeInto(
              bench.sandbox,
              [ctl.supervisorctl, '-c', bench.config.configFile],
              [
                ['Username:$', 'user\n'],
                ['Password:$', 'wrong\n'],
                ['Username:$', 'user\n'],
                ['Password:$', 'pass\n'],
                [prompt, 'pid echo\n'],
                [prompt, 'exit\n'],
              ],
            );
          const [expected, result] = [await shown(original), await shown(ours)];
          expect([result.screen, result.code]).toEqual([expected.screen, expected.code]);
          expect(result.screen).not.toContain('pass\n');
        } finally {
          await bench.close();
        }
      });
    },
  );
}
