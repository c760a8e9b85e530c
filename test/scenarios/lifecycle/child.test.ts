/** What a program finds when it starts: environment, descriptors, directory, groups, signals. */
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';

import { expect } from 'vitest';

import { environmentOf, readProcess } from '../../helpers/process-table.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { waitFor } from '../../helpers/wait.ts';
import { onEachDaemon, Supervised } from './supervised.ts';

/** Names of the files that the daemon made up for a program's output. */
function autoLogs(directory: string): readonly string[] {
  return readdirSync(directory)
    .filter((name) => name.includes('---'))
    .sort();
}

/** Number of a signal as its bit in the masks of `/proc/pid/status`. */
function ignores(pid: number, signal: number): boolean {
  const mask = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return ((BigInt(`0x${mask?.[1] ?? '0'}`) >> BigInt(signal - 1)) & 1n) === 1n;
}

const sigpipe = 13;
const sigterm = 15;
const sigxfsz = 25;

onEachDaemon('child', (flavour) => {
  scenarioTest('B7.13: is given exactly the environment it should have', async ({ sandbox }) => {
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[program:env]
command=/bin/sleep 1000
startsecs=0
environment=OWN="one, two",SHARED='program'
[group:outer]
programs=env
`,
      'environment=GLOBAL="%(here)s",SHARED="daemon"',
    );
    await supervised.running('env');
    const { pid } = await supervised.info('outer:env');
    const expected = {
      ...sandbox.env,
      SUPERVISOR_ENABLED: '1',
      SUPERVISOR_SERVER_URL: `unix://${sandbox.path('supervisor.sock')}`,
      SUPERVISOR_PROCESS_NAME: 'env',
      SUPERVISOR_GROUP_NAME: 'outer',
      GLOBAL: sandbox.directory,
      OWN: 'one, two',
      SHARED: 'program',
    };
    const found = environmentOf(pid).filter((entry) => entry !== '');
    expect(found.slice().sort()).toEqual(
      Object.entries(expected)
        .map(([name, value]) => `${name}=${value}`)
        .sort(),
    );
  });

  scenarioTest(
    'B7.14: has its own process group, three pipes, and the usual signals',
    async ({ sandbox }) => {
      const supervised = await Supervised.start(
        sandbox,
        flavour,
        `[program:plain]
command=/bin/sleep 1000
startsecs=0
`,
      );
      await supervised.running('plain');
      const { pid } = await supervised.info('plain');
      expect(readProcess(pid)).toMatchObject({
        parentPid: supervised.daemon.pid,
        processGroup: pid,
        session: supervised.daemon.pid,
        command: '/bin/sleep 1000',
      });
      const descriptors = readdirSync(`/proc/${pid}/fd`);
      expect(descriptors.sort()).toEqual(['0', '1', '2']);
      for (const descriptor of descriptors) {
        expect(readlinkSync(`/proc/${pid}/fd/${descriptor}`)).toMatch(/^pipe:/);
      }
      expect([sigpipe, sigterm, sigxfsz].map((signal) => ignores(pid, signal))).toEqual([true, false, true]);
      expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^SigBlk:\s*0+$/m);
    },
  );

  scenarioTest('B7.11: directory and umask are its own', async ({ sandbox }) => {
    sandbox.write('elsewhere/readme', '');
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[program:place]
command=/bin/sh -c 'pwd; umask; exec sleep 1000'
directory=%(here)s/elsewhere
umask=027
stdout_logfile=%(here)s/place.log
`,
    );
    await supervised.running('place');
    expect(sandbox.read('place.log')).toBe(`${sandbox.path('elsewhere')}\n0027\n`);
  });

  scenarioTest('B7.17: a directory that is not there is told on its stderr', async ({ sandbox }) => {
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[program:lost]
command=/bin/sleep 1000
directory=%(here)s/nowhere
startsecs=5
startretries=0
stderr_logfile=%(here)s/lost.log
`,
    );
    await supervised.logged(/gave up: lost/);
    expect(sandbox.read('lost.log')).toBe(
      `supervisor: couldn't chdir to ${sandbox.path('nowhere')}: ENOENT\nsupervisor: child process was not spawned\n`,
    );
    // The original's child complains and exits; ours was never started, and the spawn error says why.
    const attempt = {
      original: ["INFO spawned: 'lost' with pid N", 'WARN exited: lost (exit status 127; not expected)'],
      ours: ["INFO spawnerr: couldn't chdir to DIR/nowhere: ENOENT"],
    };
    expect(await supervised.log()).toEqual([
      ...attempt[flavour.name],
      'INFO gave up: lost entered FATAL state, too many start retries too quickly',
    ]);
  });

  scenarioTest('B7.8: redirect_stderr writes both streams in order into one log', async ({ sandbox }) => {
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[program:both]
command=/bin/sh -c 'echo one; echo two >&2; echo three; exec sleep 1000'
redirect_stderr=true
stdout_logfile=%(here)s/both.log
[program:apart]
command=/bin/sh -c 'echo one; echo two >&2; echo three; exec sleep 1000'
stdout_logfile=%(here)s/apart.log
stderr_logfile=%(here)s/apart-errors.log
`,
    );
    await supervised.running('both', 'apart');
    expect(sandbox.read('both.log')).toBe('one\ntwo\nthree\n');
    expect(sandbox.read('apart.log')).toBe('one\nthree\n');
    expect(sandbox.read('apart-errors.log')).toBe('two\n');
    expect((await supervised.info('both')).stderr_logfile).toBe('');
    expect(autoLogs(sandbox.directory)).toEqual([]);
  });

  scenarioTest('B7.15, B18.20: stdin stays open and takes what is sent', async ({ sandbox }) => {
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[program:reader]
command=/bin/sh -c 'while read -r line; do echo "got $line"; done; echo "end of input"'
stdout_logfile=%(here)s/reader.log
`,
    );
    await supervised.running('reader');
    expect(sandbox.read('reader.log')).toBe('');
    expect(await supervised.rpc('sendProcessStdin', 'reader', 'häl')).toBe(true);
    expect(await supervised.rpc('sendProcessStdin', 'reader', 'lo\nagain\n')).toBe(true);
    await waitFor('both lines', () => sandbox.read('reader.log') === 'got hällo\ngot again\n');
    expect((await supervised.info('reader')).statename).toBe('RUNNING');
  });

  scenarioTest('B16.3: AUTO logs are made up, private, and kept over a restart', async ({ sandbox }) => {
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[program:auto]
command=/bin/sh -c 'echo started; exec sleep 1000'
[program:none]
command=/bin/sh -c 'echo started; exec sleep 1000'
stdout_logfile=NONE
stderr_logfile=off
`,
      'identifier=id',
    );
    await supervised.running('auto', 'none');
    const names = autoLogs(sandbox.directory);
    expect(names.map((name) => name.replace(/-[^-]{8}\.log$/, '-RANDOM.log'))).toEqual([
      'auto-stderr---id-RANDOM.log',
      'auto-stdout---id-RANDOM.log',
    ]);
    for (const name of names) {
      expect(statSync(sandbox.path(name)).mode & 0o777).toBe(0o600);
    }
    await supervised.rpc('stopProcess', 'auto');
    await supervised.rpc('startProcess', 'auto');
    expect(autoLogs(sandbox.directory)).toEqual(names);
    expect(sandbox.read(names[1] ?? '')).toBe('started\nstarted\n');
    await supervised.end('SIGTERM');
    expect(autoLogs(sandbox.directory)).toEqual(names);
  });

  scenarioTest('B7.1: a relative command is looked up in the PATH of the program', async ({ sandbox }) => {
    sandbox.write('tools/my-tool', '#!/bin/sh\necho "$0 $*"\nexec sleep 1000\n', 0o755);
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[program:found]
command=my-tool "an argument" 'another one' plain\\ one
environment=PATH="%(here)s/tools:/usr/bin:/bin"
stdout_logfile=%(here)s/found.log
`,
    );
    await supervised.running('found');
    expect(sandbox.read('found.log')).toBe(
      `${sandbox.path('tools/my-tool')} an argument another one plain one\n`,
    );
  });
});
