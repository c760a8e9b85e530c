/** Commands that start, stop, signal and clear, from every state. */
import { expect, it } from 'vitest';

import { original, ours } from '../../helpers/flavours.ts';
import type { Flavour } from '../../helpers/flavours.ts';
import type { ProgramResult } from '../../helpers/run-program.ts';
import { waitFor } from '../../helpers/wait.ts';
import { describeOnDaemons } from './bench.ts';
import type { Bench } from './bench.ts';

const programs = `
[program:up]
command=/bin/sleep 1000
startsecs=0

[program:down]
command=/bin/sleep 1000
startsecs=0
autostart=false

[program:missing]
command=/no/such/command
autostart=false
startretries=0

; Ends at once, again and again, with ever longer pauses.
[program:retrying]
command=/bin/false
startretries=1000
autostart=false

[program:plainfile]
command=%(here)s/supervisord.conf
autostart=false
startretries=0

[program:tooquick]
command=/bin/false
autostart=false
startretries=0

[program:once]
command=/bin/sleep 5
startsecs=0
autorestart=false
autostart=false

[program:member]
command=/bin/sleep 1000
process_name=m%(process_num)d
numprocs=2
startsecs=0

[program:bad]
command=/no/such/command
autostart=false
startretries=0

[group:mixed]
programs=member,bad
`;

const runningAtFirst: ReadonlySet<string> = new Set(['up', 'm0', 'm1']);

/**
 * Starts what should run and stops the rest; what is as it should be already is left alone. Some change by themselves
 * meanwhile, and refuse then what was meant for the state before: that is tried again.
 */
async function reset(bench: Bench): Promise<void> {
  await waitFor('everything to be as at first', async () => {
    const processes = (await bench.call('getAllProcessInfo')) as unknown as readonly Info[];
    for (const { group, name, statename } of processes) {
      const isLiving = livingStates.has(statename);
      if (runningAtFirst.has(name) && !isLiving) {
        await bench.call('startProcess', `${group}:${name}`, false);
      } else if (!runningAtFirst.has(name) && isLiving) {
        await bench.call('stopProcess', `${group}:${name}`);
      }
    }
    return processes.every(({ name, statename }) =>
      runningAtFirst.has(name)
        ? statename === 'RUNNING'
        : !livingStates.has(statename) && statename !== 'STOPPING',
    );
  });
}

interface Info {
  readonly group: string;
  readonly name: string;
  readonly statename: string;
}

const livingStates: ReadonlySet<string> = new Set(['STARTING', 'RUNNING', 'BACKOFF']);

describeOnDaemons(
  'supervisorctl acts',
  programs,
  (bench) => {
    const after = (args: string): Promise<ProgramResult> =>
      bench().both(args.split(' '), { prepare: () => reset(bench()) });

    it.each([
      ['start up', 0, 'up: ERROR (already started)\n'],
      ['start down', 0, 'down: started\n'],
      ['start once', 0, 'once: started\n'],
      ['start missing', 1, 'missing: ERROR (no such file)\n'],
      ['start plainfile', 1, 'plainfile: ERROR (file is not executable)\n'],
      ['start tooquick', 7, 'tooquick: ERROR (spawn error)\n'],
      ['start nosuch', 1, 'nosuch: ERROR (no such process)\n'],
      ['start nosuch:*', 2, 'nosuch: ERROR (no such group)\n'],
      ['start mixed:nosuch', 1, 'mixed:nosuch: ERROR (no such process)\n'],
      ['start member', 1, 'member: ERROR (no such process)\n'],
      ['start nosuch down', 1, 'nosuch: ERROR (no such process)\ndown: started\n'],
      ['start down up', 0, 'down: started\nup: ERROR (already started)\n'],
    ])('B17.7: %s', async (command, code, stdout) => {
      expect(await after(command)).toEqual({ code, stdout, stderr: '' });
    });

    it.each([
      ['stop up', 0, 'up: stopped\n'],
      ['stop down', 0, 'down: ERROR (not running)\n'],
      ['stop nosuch', 1, 'nosuch: ERROR (no such process)\n'],
      ['stop nosuch:*', 1, 'nosuch: ERROR (no such group)\n'],
      ['stop up down nosuch', 1, 'up: stopped\ndown: ERROR (not running)\nnosuch: ERROR (no such process)\n'],
      ['stop mixed:m0 mixed:m1', 0, 'mixed:m0: stopped\nmixed:m1: stopped\n'],
    ])('B17.7: %s', async (command, code, stdout) => {
      expect(await after(command)).toEqual({ code, stdout, stderr: '' });
    });

    it.each([
      'start mixed:*',
      'start mixed:',
      'start all',
      'start up all',
      'stop mixed:*',
      'stop all',
      'restart mixed:*',
      'restart all',
    ])('B17.7: %s', async (command) => {
      // Processes are reported in the order in which they get there, which may differ from run to run.
      const outcomes = async (ctl: Flavour): Promise<unknown> => {
        const result = await bench().run(ctl, command.split(' '), { prepare: () => reset(bench()) });
        return { ...result, stdout: result.stdout.split('\n').toSorted() };
      };
      expect(await outcomes(ours)).toEqual(await outcomes(original));
    });

    const retrying = async (): Promise<void> => {
      await reset(bench());
      // May have ended before the answer, which is SPAWN_ERROR then.
      await bench()
        .call('startProcess', 'retrying', false)
        .catch(() => undefined);
      await bench().reaches('retrying', 'BACKOFF');
    };

    it.each([
      ['stop retrying', 0, 'retrying: stopped\n'],
      ['start retrying', 0, 'retrying: ERROR (already started)\n'],
    ])('B17.7: %s in BACKOFF', async (command, code, stdout) => {
      const result = await bench().both(command.split(' '), { prepare: retrying });
      expect(result).toEqual({ code, stdout, stderr: '' });
    });

    it.each([
      ['restart up', 0, 'up: stopped\nup: started\n'],
      ['restart down', 0, 'down: ERROR (not running)\ndown: started\n'],
      ['restart nosuch', 1, 'nosuch: ERROR (no such process)\nnosuch: ERROR (no such process)\n'],
      ['restart nosuch:*', 2, 'nosuch: ERROR (no such group)\nnosuch: ERROR (no such group)\n'],
      ['restart missing', 1, 'missing: ERROR (not running)\nmissing: ERROR (no such file)\n'],
    ])('B17.8: %s', async (command, code, stdout) => {
      expect(await after(command)).toEqual({ code, stdout, stderr: '' });
    });

    it.each([
      ['signal CONT up', 0, 'up: signalled\n'],
      ['signal SIGCONT up', 0, 'up: signalled\n'],
      ['signal 18 up', 0, 'up: signalled\n'],
      ['signal cont up', 0, 'up: signalled\n'],
      ['signal NOSUCH up', 1, 'up: ERROR (bad signal name)\n'],
      ['signal CONT down', 7, 'down: ERROR (not running)\n'],
      ['signal CONT nosuch', 1, 'nosuch: ERROR (no such process)\n'],
      ['signal CONT nosuch:*', 1, 'nosuch: ERROR (no such group)\n'],
      ['signal CONT mixed:m0 down nosuch', 1, null],
      ['signal CONT nosuch down', 7, null],
      ['signal CONT mixed:*', 0, 'mixed:m0: signalled\nmixed:m1: signalled\n'],
      ['signal CONT all', 0, null],
      ['signal NOSUCH mixed:*', 1, null],
      ['signal NOSUCH all', 1, null],
    ])('B17.9: %s', async (command, code, stdout) => {
      const result = await after(command);
      expect(result).toMatchObject(stdout === null ? { code } : { code, stdout });
    });

    it.each([
      ['clear up', 0, 'up: cleared\n'],
      ['clear down up', 0, 'down: cleared\nup: cleared\n'],
      ['clear nosuch', 1, 'nosuch: ERROR (no such process)\n'],
      ['clear mixed:*', 1, 'mixed:None: ERROR (no such process)\n'],
      ['clear mixed:m0', 0, 'mixed:m0: cleared\n'],
    ])('B17.13: %s', async (command, code, stdout) => {
      const result = await after(command);
      expect(result).toMatchObject(stdout === null ? { code } : { code, stdout });
    });
  },
  reset,
);
