/** Each command that names processes, in each state a process can be in, through every pair. */
import { describe, expect, it } from 'vitest';

import type { Bench } from './bench.ts';
import { expectAgreement, reasonAgainstPairs } from './pairs.ts';
import type { Step } from './pairs.ts';

/** Settings that bring a program into a state, and keep it there. */
const settingsByState = {
  running: 'command=/bin/sleep 1000\nstartsecs=0',
  stopped: 'command=/bin/sleep 1000\nstartsecs=0\nautostart=false',
  starting: 'command=/bin/sleep 1000\nstartsecs=3600',
  // Without a command to find, a start fails in the same instant: it is never seen in any other state.
  backoff: 'command=/no/such/command\nstartretries=1000',
  fatal: 'command=/bin/false\nstartretries=0',
  // The first time only, so that it stays where a command brings it.
  exited:
    'command=/bin/sh -c \'f="%(here)s/ran-$SUPERVISOR_PROCESS_NAME"; [ -e "$f" ] && exec sleep 1000; : > "$f"\'\n' +
    'startsecs=0\nautorestart=false',
  // Ignores the signal that is to stop it.
  stopping:
    'command=/bin/sh -c \'trap "" USR1; exec sleep 1000\'\nstartsecs=0\nstopsignal=USR1\nstopwaitsecs=3600',
} as const;

type StateName = keyof typeof settingsByState;

const states = Object.keys(settingsByState) as readonly StateName[];

/** Commands that change a process get one of their own in each state; the others share a set called `seen`. */
const acting = ['start', 'stop', 'restart', 'remove'] as const;
const seeing = ['status', 'pid', 'signal CONT', 'clear', 'tail'] as const;

const sets = ['seen', ...acting];

/** A program of that set for each state, and a group with two that run and one that does not. */
function programsOfSet(set: string): string {
  const single = states.map((state) => `[program:${set}-${state}]\n${settingsByState[state]}\n`);
  const members = ['running', 'stopped', 'backoff'] as const;
  const grouped = members.map(
    (state) => `[program:${set}-${state}-member]\nprocess_name=${state}\n${settingsByState[state]}\n`,
  );
  const names = members.map((state) => `${set}-${state}-member`).join(',');
  return [...single, ...grouped, `[group:${set}-group]\nprograms=${names}\n`].join('\n');
}

/** Waits until every program of every set is where its name says. */
async function settle(bench: Bench): Promise<void> {
  for (const set of sets) {
    for (const state of states.filter((name) => name !== 'stopping')) {
      await bench.reaches(`${set}-${state}`, state.toUpperCase());
    }
    await bench.reaches(`${set}-stopping`, 'RUNNING');
    await bench.call('stopProcess', `${set}-stopping`, false);
    await bench.reaches(`${set}-group:backoff`, 'BACKOFF');
  }
}

/** The original's daemon would stop one group a second, and wait for those that do not want to end. */
function killAll(bench: Bench): void {
  bench.sandbox.killSurvivors();
}

const unknownNames = ['nosuch', 'nosuch:*', ':'];

function namesOf(set: string): readonly string[] {
  const group = `${set}-group`;
  return [
    ...states.map((state) => `${set}-${state}`),
    ...unknownNames,
    group,
    `${group}:nosuch`,
    `${group}:running`,
    `${group}:*`,
    `${set}-running:*`,
  ];
}

/** Would wait for an hour, since it is STARTING for that long. */
const neverEnding: ReadonlySet<string> = new Set(['restart restart-starting', 'start start-group:*']);

const steps: readonly Step[] = [
  settle,
  ...seeing.flatMap((command) => namesOf('seen').map((name) => `${command} ${name}`)),
  // Of a process that runs these begin something that only ^C ends.
  ...namesOf('seen')
    .filter((name) => !/[-:](?:running|starting|stopping)$/.test(name))
    .map((name) => `fg ${name}`),
  ...unknownNames.map((name) => `tail -f ${name}`),
  'tail seen-running stderr',
  'tail seen-nosuch stderr',
  'status seen-running nosuch seen-fatal seen-group:*',
  'signal NOSUCH seen-running',
  'signal NOSUCH seen-group:*',
  ...unknownNames.flatMap((name) => [`add ${name}`, `update ${name}`]),
  'add seen-running seen-stopped nosuch',
  'update seen-running seen-stopped',
  ...acting.flatMap((command) => namesOf(command).map((name) => `${command} ${name}`)),
  'status',
  'avail',
  killAll,
].filter((step) => typeof step !== 'string' || !neverEnding.has(step));

/** Few, since the original's daemon takes a second for each when all logs are cleared. */
const few = `
[program:cat]
command=/bin/sh -c 'printf "one\\\\ntwo \\\\303\\\\251 <&> ]]>\\\\n"; exec sleep 1000'
startsecs=0

[program:off]
command=/bin/sleep 1000
startsecs=0
autostart=false

[program:missing]
command=/no/such/command
autostart=false

[program:member]
command=/bin/sleep 1000
startsecs=0

[group:team]
programs=member
`;

const stepsOnAll: readonly Step[] = [
  async (bench) => {
    await bench.writes('cat', 'two');
    await bench.reaches('team:member', 'RUNNING');
  },
  'status',
  'status all',
  'pid',
  'pid all',
  'pid cat all',
  'avail',
  'tail cat',
  'tail -7 cat',
  'tail cat stderr',
  'tail all',
  'fg all',
  'signal CONT all',
  'signal NOSUCH all',
  'clear all',
  'tail cat',
  'start all',
  'start cat all',
  'status',
  'stop all',
  'stop all',
  'stop cat all',
  'restart all',
  'status',
  'add all',
  'remove all',
  'update all',
  'update',
];

const title = 'supervisorctl, each command in each state, through every pair';

describe.skipIf(reasonAgainstPairs !== null)(
  reasonAgainstPairs === null ? title : `${title} (${reasonAgainstPairs})`,
  () => {
    it('B17: says the same, with the same exit status', async () => {
      const said = await expectAgreement({
        programs: sets.map((set) => programsOfSet(set)).join('\n'),
        steps,
        isUnordered: (command) => command.endsWith('*'),
      });
      // The reference itself has been where it should have been.
      expect(said.get('status seen-running')?.stdout).toContain('RUNNING   pid N, uptime T');
      expect(said.get('stop stop-stopping')?.stdout).toBe('stop-stopping: ERROR (not running)\n');
      expect(said.get('stop stop-backoff')?.stdout).toBe('stop-backoff: stopped\n');
    }, 600_000);

    it('B17: acts alike on all at once', async () => {
      const said = await expectAgreement({
        programs: few,
        steps: stepsOnAll,
        isUnordered: (command) => command.endsWith('all'),
      });
      expect(said.get('tail -7 cat')?.stdout).toContain(']]>');
    }, 600_000);
  },
);
