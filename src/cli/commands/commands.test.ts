/**
 * Commands against canned answers: what they call, print and exit with. What the original does in the same place is
 * compared in `test/contract/supervisorctl`; here are the answers that a real daemon gives too seldom to wait for.
 */
import { describe, expect, it } from 'vitest';
import { CannedFault } from '../../client/canned-daemon.fixture.ts';
import { faultCodes } from '../../rpc/faults.ts';
import type { FaultName } from '../../rpc/faults.ts';
import { cannedLine, up } from '../canned-run.fixture.ts';
import type { CannedRun } from '../canned-run.fixture.ts';

function fault(name: FaultName, detail?: string): CannedFault {
  return new CannedFault(faultCodes[name], detail === undefined ? name : `${name}: ${detail}`);
}

function outcome(
  name: string,
  fault: FaultName,
  description = '',
): Readonly<Record<string, string | number>> {
  return { group: 'g', name, status: faultCodes[fault], description };
}

function process(name: string, statename: string, state: number): Readonly<Record<string, string | number>> {
  const times = { start: 0, stop: 0, now: 0 };
  const files = { stdout_logfile: '', stderr_logfile: '' };
  const pid = state === 20 ? 7 : 0;
  return {
    ...times,
    ...files,
    name,
    group: name,
    description: '',
    statename,
    state,
    spawnerr: '',
    exitstatus: 0,
    pid,
  };
}

function said({ stdout, stderr, exitStatus }: CannedRun): unknown {
  return [stdout, stderr, exitStatus];
}

const unknownCode =
  /^error: <class 'ValueError'>, Unknown result code (\d+) for ([^:]+(?::\w+)?): file: \S+ line: \d+\n$/;

describe('start', () => {
  it.each([
    ['NO_FILE', 'no such file', 1],
    ['NOT_EXECUTABLE', 'file is not executable', 1],
    ['ALREADY_STARTED', 'already started', 0],
    ['SPAWN_ERROR', 'spawn error', 7],
    ['ABNORMAL_TERMINATION', 'abnormal termination', 7],
    ['BAD_NAME', 'no such process', 1],
  ] as const)('B17.7: %s', async (name, text, exitStatus) => {
    const one = await cannedLine('start g:a', { answers: up({ startProcess: fault(name, 'g:a') }) });
    expect(said(one)).toEqual([`g:a: ERROR (${text})\n`, '', exitStatus]);
    const all = await cannedLine('start all', { answers: up({ startAllProcesses: [outcome('a', name)] }) });
    expect(said(all)).toEqual([`g:a: ERROR (${text})\n`, '', exitStatus]);
    const group = await cannedLine('start g:*', { answers: up({ startProcessGroup: [outcome('a', name)] }) });
    expect(said(group)).toEqual([`g:a: ERROR (${text})\n`, '', exitStatus]);
  });

  it('B17.7: the last problem decides the exit status', async () => {
    const results = [outcome('a', 'NO_FILE'), outcome('b', 'SPAWN_ERROR'), outcome('c', 'SUCCESS')];
    const run = await cannedLine('start all', { answers: up({ startAllProcesses: results }) });
    expect(run.exitStatus).toBe(7);
    expect(run.stdout).toBe('g:a: ERROR (no such file)\ng:b: ERROR (spawn error)\ng:c: started\n');
  });

  it('B17.4: a fault without words ends the command', async () => {
    const run = await cannedLine('start a b', { answers: up({ startProcess: fault('SHUTDOWN_STATE') }) });
    expect(run.stdout).toMatch(unknownCode);
    expect(run.exitStatus).toBe(1);
    expect(run.calls).toHaveLength(1);
  });

  it('B17.7: waits, and names processes as they were typed', async () => {
    const run = await cannedLine('start  a   g:b', { answers: up({ startProcess: true }) });
    expect(run.calls.map((call) => call.params)).toEqual([
      ['a', true],
      ['g:b', true],
    ]);
  });
});

describe('stop, signal and clear', () => {
  it('B17.7, B17.9: FAILED is told in the words of the daemon', async () => {
    const methods = {
      stopProcess: fault('FAILED', 'unkillable'),
      signalProcess: fault('FAILED', 'unkillable'),
    };
    expect(said(await cannedLine('stop a', { answers: up(methods) }))).toEqual([
      'FAILED: unkillable\n',
      '',
      1,
    ]);
    expect(said(await cannedLine('signal HUP a', { answers: up(methods) }))).toEqual([
      'FAILED: unkillable\n',
      '',
      1,
    ]);
  });

  it('B17.13: clear', async () => {
    const run = await cannedLine('clear a', { answers: up({ clearProcessLogs: fault('FAILED', 'a') }) });
    expect(said(run)).toEqual(['a: ERROR (failed)\n', '', 1]);
    const strange = await cannedLine('clear a', {
      answers: up({ clearProcessLogs: fault('SHUTDOWN_STATE') }),
    });
    expect(strange.stdout).toMatch(unknownCode);
  });

  it('B17.7: not running is no failure of stop, but one of signal', async () => {
    const answers = up({ stopProcess: fault('NOT_RUNNING'), signalProcess: fault('NOT_RUNNING') });
    expect(said(await cannedLine('stop a', { answers }))).toEqual(['a: ERROR (not running)\n', '', 0]);
    expect(said(await cannedLine('signal 1 a', { answers }))).toEqual(['a: ERROR (not running)\n', '', 7]);
  });
});

describe('status', () => {
  it.each([
    ['STOPPED', 0, 3],
    ['STARTING', 10, 0],
    ['RUNNING', 20, 0],
    ['BACKOFF', 30, 0],
    ['STOPPING', 40, 0],
    ['EXITED', 100, 3],
    ['FATAL', 200, 3],
    ['UNKNOWN', 1000, 3],
  ] as const)('B17.5: %s', async (statename, state, exitStatus) => {
    const run = await cannedLine('status', {
      answers: up({ getAllProcessInfo: [process('web', statename, state)] }),
    });
    expect(said(run)).toEqual([`${'web'.padEnd(33)}${statename.padEnd(10)}\n`, '', exitStatus]);
  });

  it('B17.5: nothing to show', async () => {
    expect(said(await cannedLine('status', { answers: up({ getAllProcessInfo: [] }) }))).toEqual(['', '', 0]);
  });

  it('B17.3: an API of another version', async () => {
    const run = await cannedLine('start x', { answers: { methods: { 'supervisor.getVersion': '4.0' } } });
    expect(said(run)).toEqual([
      'Sorry, this version of supervisorctl expects to talk to a server with API version 3.0, but the remote ' +
        'version is 4.0.\n',
      '',
      5,
    ]);
  });
});

describe('tail and maintail', () => {
  it.each([
    ['NO_FILE', 'no log file'],
    ['FAILED', 'unknown error reading log'],
    ['BAD_NAME', 'no such process name'],
  ] as const)('B17.11: %s', async (name, text) => {
    const answers = up({ readProcessStdoutLog: fault(name), readProcessStderrLog: fault(name) });
    expect(said(await cannedLine('tail a', { answers }))).toEqual([`a: ERROR (${text})\n`, '', 1]);
    expect(said(await cannedLine('tail a stderr', { answers }))).toEqual([`a: ERROR (${text})\n`, '', 1]);
  });

  it('B17.11: maintail', async () => {
    const missing = await cannedLine('maintail', { answers: up({ readLog: fault('NO_FILE') }) });
    expect(said(missing)).toEqual(['supervisord: ERROR (no log file)\n', '', 1]);
    const strange = await cannedLine('maintail', { answers: up({ readLog: fault('BAD_ARGUMENTS', 'x') }) });
    expect(strange.stdout).toMatch(
      /^error: <class 'xmlrpc.client.Fault'>, <Fault 3: 'BAD_ARGUMENTS: x'>: file: /,
    );
  });

  it.each([
    ['tail a', [-1600, 0]],
    ['tail -5 a', [-5, 0]],
    ['tail --5 a', [5, 0]],
    ['tail -0 a', [0, 0]],
    ['tail -1_0 a', [-10, 0]],
  ])('B17.11: %s asks for the right part', async (line, [offset, length]) => {
    const run = await cannedLine(line, { answers: up({ readProcessStdoutLog: 'text' }) });
    expect(run.stdout).toBe('text\n');
    expect(run.calls[0]?.params).toEqual(['a', offset, length]);
  });

  it('B17.11: -f prints bytes as they come', async () => {
    const run = await cannedLine('tail -f a', {
      answers: {
        ...up(),
        streams: {
          '/logtail/a/stdout': (response) => {
            response.write(Buffer.from([0xc3]));
            response.end(Buffer.from([0xa9, 0x0a]));
          },
        },
      },
    });
    expect(said(run)).toEqual(['==> Press Ctrl-C to exit <==\né\n', '', 0]);
  });

  it('B17.11: -f of a missing log', async () => {
    expect(said(await cannedLine('maintail -f'))).toEqual([
      '==> Press Ctrl-C to exit <==\n',
      'URL/mainlogtail Cannot read, status code 404\n',
      0,
    ]);
  });
});

describe('fg', () => {
  const running = { getProcessInfo: process('cat', 'RUNNING', 20), sendProcessStdin: true };

  it('B17.12: sends each line with its end', async () => {
    const run = await cannedLine('fg cat', { answers: up(running), input: 'one\n\nlast' });
    expect(run.stdout).toBe('==> Press Ctrl-C to exit <==\nExiting foreground\n');
    expect(run.calls.filter((call) => call.method.endsWith('Stdin')).map((call) => call.params)).toEqual([
      ['cat', 'one\n'],
      ['cat', '\n'],
      ['cat', 'last\n'],
    ]);
  });

  it('B17.12: notices that the process is gone', async () => {
    const banner = '==> Press Ctrl-C to exit <==\n';
    const end = 'Exiting foreground\n';
    const gone = await cannedLine('fg cat', {
      answers: up({ ...running, sendProcessStdin: fault('NOT_RUNNING') }),
      input: 'x\n',
    });
    expect([gone.stdout, gone.exitStatus]).toEqual([`${banner}Process got killed\n${end}`, 0]);
    const closed = await cannedLine('fg cat', {
      answers: up({ ...running, sendProcessStdin: fault('NO_FILE', 'cat') }),
      input: 'x\n',
    });
    expect(closed.stdout).toBe(`${banner}ERROR: <Fault 20: 'NO_FILE: cat'>\n${end}`);
    let asked = 0;
    const later = await cannedLine('fg cat', {
      answers: up({
        ...running,
        getProcessInfo: () => {
          asked += 1;
          return asked === 1 ? process('cat', 'RUNNING', 20) : process('cat', 'EXITED', 100);
        },
      }),
      input: 'x\ny\n',
    });
    expect(later.stdout).toBe(`${banner}Process got killed\n${end}`);
  });

  it('B17.12: a fault without words keeps the exit status', async () => {
    const run = await cannedLine('fg cat', { answers: up({ getProcessInfo: fault('SHUTDOWN_STATE') }) });
    expect(said(run)).toEqual(["ERROR: <Fault 6: 'SHUTDOWN_STATE'>\n", '', 0]);
  });
});

describe('configuration', () => {
  it('B17.14: reread sorts by name', async () => {
    const run = await cannedLine('reread', { answers: up({ reloadConfig: [[['b', 'B'], ['c'], ['a']]] }) });
    expect(run.stdout).toBe('B: available\na: disappeared\nb: available\nc: changed\n');
  });

  it.each([
    ['reread', 'ERROR: supervisor shutting down\n'],
    ['avail', 'ERROR: supervisor shutting down\n'],
    ['update', 'ERROR: already shutting down\n'],
    ['add x', 'ERROR: shutting down\n'],
    ['reload', 'ERROR: already shutting down\n'],
  ])('B18.5: %s while the daemon shuts down', async (line, stdout) => {
    const answers = up({
      reloadConfig: fault('SHUTDOWN_STATE'),
      getAllConfigInfo: fault('SHUTDOWN_STATE'),
      addProcessGroup: fault('SHUTDOWN_STATE'),
      restart: fault('SHUTDOWN_STATE'),
    });
    expect(said(await cannedLine(line, { answers }))).toEqual([stdout, '', 1]);
  });

  it('B17.17: shutdown while the daemon shuts down', async () => {
    const run = await cannedLine('shutdown', { answers: up({ shutdown: fault('SHUTDOWN_STATE') }) });
    expect(said(run)).toEqual(['ERROR: already shutting down\n', '', 0]);
  });

  it('B17.16: update keeps a group that cannot be stopped, and goes on', async () => {
    const run = await cannedLine('update', {
      answers: up({
        reloadConfig: [[['new'], ['other'], ['stuck']]],
        stopProcessGroup: ([group]) => (group === 'stuck' ? [outcome('a', 'FAILED')] : []),
        removeProcessGroup: true,
        addProcessGroup: true,
      }),
    });
    expect(said(run)).toEqual([
      'stuck: stopped\nstuck: has problems; not removing\n' +
        'other: stopped\nother: updated process group\nnew: added process group\n',
      '',
      1,
    ]);
    expect(run.calls.map(({ method, params }) => [method.slice('supervisor.'.length), params[0]])).toEqual([
      ['reloadConfig', undefined],
      ['stopProcessGroup', 'stuck'],
      ['stopProcessGroup', 'other'],
      ['removeProcessGroup', 'other'],
      ['addProcessGroup', 'other'],
      ['addProcessGroup', 'new'],
    ]);
  });

  it('B17.13: avail', async () => {
    const info = { group: 'g', name: 'a', inuse: true, autostart: false, group_prio: 5, process_prio: -1 };
    const run = await cannedLine('avail', {
      answers: up({ getAllConfigInfo: [info, { ...info, name: 'g', inuse: false, autostart: true }] }),
    });
    expect(run.stdout).toBe(
      `${'g:a'.padEnd(32)} in use    manual    5:-1\n${'g'.padEnd(32)} avail     auto      5:-1\n`,
    );
  });
});
