/** Commands that only look, in every state there is. */
import { expect, it } from 'vitest';

import { original, ours } from '../../helpers/flavours.ts';
import type { Flavour } from '../../helpers/flavours.ts';
import { describeOnDaemons } from './bench.ts';
import type { Bench } from './bench.ts';
import { everyState } from './programs.ts';

/** Waits until every program is where its name says. */
async function settle(bench: Bench): Promise<void> {
  await bench.reaches('running', 'RUNNING');
  await bench.reaches('starting', 'STARTING');
  await bench.reaches('backoff', 'BACKOFF');
  await bench.reaches('fatal', 'FATAL');
  await bench.reaches('exited', 'EXITED');
  await bench.reaches('failed', 'EXITED');
  await bench.reaches('stopping', 'RUNNING');
  await bench.call('stopProcess', 'stopping', false);
  await bench.reaches('stopping', 'STOPPING');
}

describeOnDaemons(
  'supervisorctl in every state',
  everyState,
  (bench) => {
    it('B17.5, B17.6: status of everything', async () => {
      const { stdout, code } = await bench().both(['status']);
      expect(code).toBe(3);
      const states = stdout.split('\n').map((line) => line.slice(47).split(/ +/)[0] ?? '');
      expect(new Set(states)).toEqual(
        new Set(['', 'RUNNING', 'STOPPED', 'STARTING', 'BACKOFF', 'FATAL', 'EXITED', 'STOPPING']),
      );
    });

    it.each([
      ['running', 0],
      ['stopped', 3],
      ['starting', 0],
      ['backoff', 0],
      ['fatal', 3],
      ['exited', 3],
      ['stopping', 0],
      ['web:beat', 0],
      ['web:*', 3],
      ['web:', 3],
      ['worker:*', 0],
      ['running starting', 0],
      ['running exited', 3],
      ['nosuch', 4],
      ['nosuch running', 4],
      ['nosuch exited', 3],
      ['nosuch:*', 4],
      ['web:nosuch', 4],
      ['beat', 4],
      ['running all', 3],
    ])('B17.5: status %s', async (names, code) => {
      expect(await bench().both(['status', ...names.split(' ')])).toMatchObject({ code, stderr: '' });
    });

    it.each([
      ['', 0],
      ['running', 0],
      ['stopped', 7],
      ['fatal running', 7],
      ['nosuch', 1],
      ['nosuch running', 1],
      ['web:*', 1],
      ['all', 0],
    ])('B17.10: pid %s', async (names, code) => {
      expect(await bench().both(['pid', ...names.split(' ')])).toMatchObject({ code });
    });

    it.each(['avail', 'version', 'help', '?', 'help nosuch', 'help EOF', 'quit', 'exit', 'EOF'])(
      'B17.13, B17.18: %s',
      async (command) => {
        expect(await bench().both([command])).toMatchObject({ code: 0 });
      },
    );

    it.each(['nosuch', '!ls', 'status-x', 'statusx', '-- -f', '--', ''])(
      'B17.4: %j as a command',
      async (command) => {
        await bench().both(command === '-- -f' ? ['--', '-f'] : ['--', command]);
      },
    );

    it('B12.7: the arguments are joined and split again', async () => {
      await bench().both(['status running', 'stopped']);
      await bench().both(['  status  ', ' web:* ']);
    });

    it.each([
      'start',
      'stop',
      'restart',
      'signal',
      'signal HUP',
      'clear',
      'tail',
      'tail a b c d',
      'maintail a b',
      'reread x',
      'avail x',
      'reload x',
      'shutdown x',
      'version x',
      'fg',
    ])('B17.7: usage of %s', async (command) => {
      // The help behind the complaint is ours, in our own words.
      const complaint = async (ctl: Flavour): Promise<unknown> => {
        const result = await bench().run(ctl, command.split(' '));
        return { ...result, stdout: result.stdout.split('\n')[0] };
      };
      expect(await complaint(ours)).toEqual(await complaint(original));
    });

    it.each([
      'tail -f',
      'tail -',
      'tail -x running',
      'tail running foo',
      "tail running it's",
      'tail -99999999999 running',
      'maintail 5',
      'maintail -x',
      'fg a b',
      'fg nosuch',
      'fg stopped',
      'fg exited',
      'open nosuch',
      'open ftp://x',
    ])('B17.11 to B17.13: bad arguments: %s', async (command) => {
      await bench().both(command.split(' '));
    });

    it('lets its stubborn program go', async () => {
      await bench().call('signalProcess', 'stopping', 'KILL');
      await bench().reaches('stopping', 'STOPPED');
    });
  },
  settle,
);
