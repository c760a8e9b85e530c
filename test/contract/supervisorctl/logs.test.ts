/** Commands that show logs, and `fg`. */
import { expect, it } from 'vitest';

import { original, ours } from '../../helpers/flavours.ts';
import type { Flavour } from '../../helpers/flavours.ts';
import { describeOnDaemons } from './bench.ts';
import type { Bench } from './bench.ts';
import { normalize } from './normalize.ts';

const programs = `
[program:talker]
command=/bin/sh -c 'printf "first line\\nsecond <&> \\303\\251\\nlast ]]>"; echo trouble >&2; exec sleep 1000'
startsecs=0
stdout_logfile=%(here)s/talker.out
stderr_logfile=%(here)s/talker.err

[program:coloured]
command=/bin/sh -c 'printf "\\033[31mred\\033[0m\\n"; exec sleep 1000'
startsecs=0

[program:silent]
command=/bin/sleep 1000
startsecs=0

[program:nologs]
command=/bin/sleep 1000
startsecs=0
stdout_logfile=NONE
stderr_logfile=NONE

[program:echo]
command=/bin/cat
startsecs=0

[program:brief]
command=/bin/head -n 1
startsecs=0
autorestart=false
autostart=false

[program:down]
command=/bin/cat
autostart=false
`;

async function settle(bench: Bench): Promise<void> {
  await bench.writes('talker', 'last');
  await bench.reaches('echo', 'RUNNING');
}

describeOnDaemons(
  'supervisorctl shows logs',
  programs,
  (bench) => {
    it.each([
      ['tail talker', 0],
      ['tail talker stdout', 0],
      ['tail talker STDERR', 0],
      ['tail -8 talker', 0],
      ['tail -0 talker', 0],
      ['tail -+7 talker', 0],
      ['tail --5 talker', 0],
      ['tail -5 talker stderr', 0],
      ['tail talker x stderr', 0],
      ['tail silent', 0],
      ['tail nologs', 1],
      ['tail down', 0],
      ['tail nosuch', 1],
      ['tail talker:*', 1],
      ['tail nosuch stderr', 1],
    ])('B17.11: %s', async (command, code) => {
      expect(await bench().both(command.split(' '))).toMatchObject({ stderr: '', code });
    });

    it('B17.11: maintail', async () => {
      // Later lines of the log would tell of the commands themselves only at a finer level.
      expect(await bench().both(['maintail', '-300'])).toMatchObject({ code: 0 });
      await bench().both(['maintail']);
    });

    it('B17.11: control characters arrive, which the original cannot read', async () => {
      await bench().writes('coloured', 'red');
      const { stdout, code } = await bench().run(ours, ['tail', 'coloured']);
      expect(code).toBe(0);
      // Our own daemon replaces what XML cannot carry; the original sends it as it is.
      expect(stdout.replaceAll('\u001b', '\ufffd')).toBe('\ufffd[31mred\ufffd[0m\n\n');
    });

    it.each(['tail -f nosuch', 'tail -f nologs', 'tail -f talker:*'])('B17.11: %s', async (command) => {
      const result = await bench().both(command.split(' '));
      expect(result).toMatchObject({ stdout: '==> Press Ctrl-C to exit <==\n', code: 0 });
      expect(result.stderr).toMatch(/Cannot read, status code 404\n$/);
    });

    it.each([
      ['tail -f talker', /last \]\]>$/],
      ['tail -f talker stderr', /trouble\n$/],
      ['maintail -f', /entered RUNNING state.*\n$/],
    ])('B17.11: %s until ^C', async (command, expected) => {
      const follow = async (ctl: Flavour): Promise<string> => {
        const program = bench().start(ctl, command.split(' '));
        await program.stdout.match(expected);
        const shown = program.stdout.text;
        program.kill('SIGINT');
        const { code, signal } = await program.ended;
        expect({ code, signal }).toEqual({ code: 0, signal: null });
        if (ctl === ours) {
          // The original complains about the interrupt on stderr if it was just printing something.
          expect(program.stderr.text).toBe('');
          expect(program.stdout.text).toBe(`${shown}\n`);
        }
        return normalize(shown, bench().sandbox.directory);
      };
      expect(await follow(ours)).toBe(await follow(original));
    });

    it('B17.12: fg sends lines and ends with its input', async () => {
      const talk = async (ctl: Flavour): Promise<unknown> => {
        const program = bench().start(ctl, ['fg', 'echo'], 'one\ntwo\n');
        await program.stdout.match(/Exiting foreground\n/);
        if (ctl === original) {
          // It waits for up to half a minute for the next output before it ends.
          program.kill('SIGKILL');
          await program.ended;
        } else {
          expect(await program.ended).toEqual({ code: 0, signal: null });
        }
        // What the process answers may come before or after the end of the input.
        return program.stdout.text.split('\n').filter((line) => line !== 'one' && line !== 'two');
      };
      expect(await talk(ours)).toEqual(await talk(original));
      await bench().writes('echo', 'one\ntwo\none\ntwo\n');
    });

    it.each(['fg down', 'fg nosuch'])('B17.12: %s', async (command) => {
      expect(await bench().both(command.split(' '))).toMatchObject({ code: 1 });
    });
  },
  settle,
);
