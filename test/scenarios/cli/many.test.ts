/** What supervisorctl does with many processes: at once, together in one stream, until they are where they should be. */
import { describe, expect } from 'vitest';

import { writeConfig } from '../../helpers/config.ts';
import { runCtl, startCtl } from '../../helpers/ctl.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { flavours, ours } from '../../helpers/flavours.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { waitFor } from '../../helpers/wait.ts';

/** Says when it is asked to end, and ends only when `go` is there. */
const stubborn = `
[program:stubborn]
command=/bin/sh -c 'trap "echo asked; while ! test -e %(here)s/go; do sleep 0.05; done; exit 0" TERM; echo up; while :; do sleep 0.05; done'
process_name=stubborn-%(process_num)d
numprocs=2
startsecs=0
stopwaitsecs=60
stdout_logfile=%(here)s/stubborn-%(process_num)d.log
`;

for (const flavour of flavours) {
  const reason = flavour.supervisordMissing;
  describe.skipIf(reason !== null)(`supervisorctl on ${flavour.name} supervisord${reason ?? ''}`, () => {
    scenarioTest('B17.8: stops several names at once, with lines in their order', async ({ sandbox }) => {
      const config = writeConfig(sandbox, stubborn);
      await startDaemon(sandbox, flavour, config);
      const tails = ['0', '1'].map((number) =>
        startCtl(sandbox, ours, ['tail', '-f', `stubborn:stubborn-${number}`], config),
      );
      await Promise.all(tails.map((tail) => tail.stdout.match(/up\n/)));
      const stop = runCtl(sandbox, ours, ['stop', 'stubborn:stubborn-1', 'stubborn-0*'], config);
      // Both are asked before either has ended.
      await Promise.all(tails.map((tail) => tail.stdout.match(/asked\n/)));
      sandbox.write('go', '');
      expect(await stop).toEqual({
        stdout: 'stubborn:stubborn-1: stopped\nstubborn:stubborn-0: stopped\n',
        stderr: '',
        code: 0,
      });
      tails.forEach((tail) => tail.kill('SIGINT'));
      await Promise.all(tails.map((tail) => tail.ended));
    });

    scenarioTest('B17.11: logs -f merges logs, over their rotation, until ^C', async ({ sandbox }) => {
      const config = writeConfig(
        sandbox,
        `
[program:talker]
command=/bin/sh -c 'i=0; while :; do i=$((i+1)); echo "out $i"; echo "err $i" >&2; sleep 0.02; done'
startsecs=0
stdout_logfile=%(here)s/out.log
stdout_logfile_maxbytes=300
stdout_logfile_backups=100
stderr_logfile=%(here)s/err.log

[program:other]
command=/bin/sh -c 'while :; do echo other; sleep 0.1; done'
startsecs=0
stdout_logfile=%(here)s/other.log
stderr_logfile=NONE
`,
      );
      await startDaemon(sandbox, flavour, config);
      const logs = startCtl(sandbox, ours, ['logs', '-f', 'talker', 'oth*'], config);
      const numbers = (): readonly number[] =>
        [...logs.stdout.text.matchAll(/^talker \| out (\d+)$/gm)].map(([, number]) => Number(number));
      // Forty lines later the log has been rotated at least once.
      await waitFor('forty lines', () => (numbers().at(-1) ?? 0) >= (numbers()[0] ?? Infinity) + 40);
      await logs.stdout.match(/^talker ! err \d+$/m);
      await logs.stdout.match(/^other {2}\| other$/m);
      logs.kill('SIGINT');
      expect(await logs.ended).toEqual({ code: 0, signal: null });
      expect(logs.stderr.text).toBe('');
      const [from = 0] = numbers();
      // The original's server skips what is left of a file that is rotated.
      const expected =
        flavour === ours
          ? numbers().map((_, index) => from + index)
          : numbers().toSorted((one, other) => one - other);
      expect(numbers()).toEqual(expected);
    });

    scenarioTest('tail -n counts lines', async ({ sandbox }) => {
      const config = writeConfig(
        sandbox,
        `
[program:lines]
command=/bin/sh -c 'seq -f "line %%g" 2000; exec sleep 1000'
startsecs=0
stdout_logfile=%(here)s/lines.log
`,
      );
      await startDaemon(sandbox, flavour, config);
      const follow = startCtl(sandbox, ours, ['tail', '-f', 'lines'], config);
      await follow.stdout.match(/line 2000\n/);
      follow.kill('SIGINT');
      await follow.ended;
      const tail = async (count: number): Promise<string> =>
        (await runCtl(sandbox, ours, ['tail', '-n', String(count), 'lines'], config)).stdout;
      expect(await tail(2)).toBe('line 1999\nline 2000\n');
      expect((await tail(1500)).split('\n')).toHaveLength(1501);
      expect((await tail(5000)).startsWith('line 1\nline 2\n')).toBe(true);
    });

    scenarioTest('wait ends when processes are where they should be, or cannot be', async ({ sandbox }) => {
      const config = writeConfig(
        sandbox,
        `
[program:gate]
command=/bin/sh -c 'test -e %(here)s/open && exec sleep 1000; exit 1'
startsecs=1
startretries=1000
autostart=false

[program:broken]
command=/bin/false
startretries=0
autostart=false
`,
      );
      await startDaemon(sandbox, flavour, config);
      const ctl = (...args: string[]) => runCtl(sandbox, ours, args, config);
      expect(await ctl('wait', '--timeout', '0.3', 'gate')).toEqual({
        stdout: 'gate: ERROR (STOPPED after 0.3 seconds)\n',
        stderr: '',
        code: 124,
      });
      const waiting = ctl('wait', 'gate');
      sandbox.write('open', '');
      await ctl('start', 'gate');
      expect(await waiting).toEqual({ stdout: 'gate: RUNNING\n', stderr: '', code: 0 });
      expect(await ctl('wait', '--state=stopped,exited', 'broken')).toMatchObject({ code: 0 });
      await ctl('start', 'broken');
      expect(await ctl('wait', 'broken', 'gate')).toMatchObject({
        stdout: expect.stringMatching(/^broken: ERROR \(FATAL: .*\)\ngate: RUNNING\n$/),
        code: 7,
      });
      expect(await ctl('wait', 'nosuch')).toMatchObject({ code: 1 });
      expect(await ctl('wait', '--state', 'happy', 'gate')).toMatchObject({ code: 2 });
    });

    scenarioTest('status -f tells changes in a pipe, and --wide what is known', async ({ sandbox }) => {
      const config = writeConfig(sandbox, '[program:web]\ncommand=/bin/cat\nstartsecs=0\n');
      await startDaemon(sandbox, flavour, config);
      const live = startCtl(sandbox, ours, ['status', '-f'], config);
      await live.stdout.match(/^web +RUNNING +pid/m);
      await runCtl(sandbox, ours, ['stop', 'web'], config);
      await live.stdout.match(/^web +STOPPED /m);
      live.kill('SIGINT');
      expect(await live.ended).toEqual({ code: 0, signal: null });
      const wide = await runCtl(sandbox, ours, ['status', '--wide'], config);
      expect(wide.stdout).toMatch(
        /^NAME +STATE +CPU +MEMORY +RESTARTS +LAST EXIT +DESCRIPTION\nweb +STOPPED /,
      );
      expect(wide.code).toBe(3);
      expect(wide.stderr === '').toBe(flavour === ours);
    });
  });
}
