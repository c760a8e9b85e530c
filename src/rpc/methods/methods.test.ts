import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HeldFiles } from '../../logging/held-files.fixture.ts';
import { LogReader } from '../../logging/log-reader.ts';
import { processSettings } from '../../process/settings.fixture.ts';
import { FakeControl, fakeRpcHost } from '../control.fixture.ts';
import { dispatch } from '../dispatch.ts';
import type { XmlRpcValue } from '../xml/value.ts';

let control: FakeControl;
let host: ReturnType<typeof fakeRpcHost>;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'sv-'));
  control = new FakeControl();
  control.addFakeGroup('cat', [{ name: 'cat' }]);
  control.addFakeGroup('pool', [
    { name: 'b', priority: 1 },
    { name: 'a', priority: 2 },
  ]);
  host = fakeRpcHost(control);
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** The value, or the text of the fault. */
async function call(method: string, ...params: readonly XmlRpcValue[]): Promise<XmlRpcValue> {
  const name = `supervisor.${method}`;
  const answer = await dispatch(host, { method: name, params }, new AbortController().signal);
  return answer.ok ? answer.value : `fault ${answer.faultCode} ${answer.faultString}`;
}

describe('the daemon itself', () => {
  it('B18.6: versions, identification, pid and state', async () => {
    expect(await call('getAPIVersion')).toBe('3.0');
    expect(await call('getVersion')).toBe('3.0');
    expect(await call('getSupervisorVersion')).toBe('5.0.0');
    expect(await call('getIdentification')).toBe('supervisor');
    expect(await call('getPID')).toBe(4711);
    expect(await call('getState')).toEqual({ statecode: 1, statename: 'RUNNING' });
    control.state = 'FATAL';
    expect(await call('getState')).toEqual({ statecode: 2, statename: 'FATAL' });
  });

  it('B18.7: readLog follows the rules of offset and length', async () => {
    const log = path.join(directory, 'd.log');
    expect(await call('readLog', 0, 0)).toBe('fault 20 NO_FILE');
    control.activityLogPath = log;
    expect(await call('readLog', 0, 0)).toBe(`fault 20 NO_FILE: ${log}`);
    writeFileSync(log, '0123456789');
    expect(await call('readLog', -3, 0)).toBe('789');
    expect(await call('readMainLog', 2, 3)).toBe('234');
    expect(await call('readLog', '2', 3.9)).toBe('234');
    expect(await call('readLog', 8, 0)).toBe('89');
    expect(await call('readLog', -3, 1)).toBe('fault 3 BAD_ARGUMENTS');
    expect(await call('readLog', 0, -1)).toBe('fault 3 BAD_ARGUMENTS');
    control.activityLogPath = directory;
    expect(await call('readLog', 0, 0)).toBe('fault 30 FAILED');
  });

  it.each([
    ['cleared', true],
    ['no-file', 'fault 20 NO_FILE'],
    ['failed', 'fault 30 FAILED'],
  ] as const)('B18.8: clearLog: %s', async (outcome, expected) => {
    control.clearing = outcome;
    expect(await call('clearLog')).toBe(expected);
  });

  it('B18.8: shutdown and restart answer true, a refused restart a fault', async () => {
    control.restartRefusal = 'line 3: no';
    expect(await call('restart')).toBe('fault 92 CANT_REREAD: line 3: no');
    control.restartRefusal = null;
    expect(await call('restart')).toBe(true);
    expect(control.state).toBe('RESTARTING');
    control.state = 'RUNNING';
    expect(await call('shutdown')).toBe(true);
    expect(control.state).toBe('SHUTDOWN');
    expect(await call('shutdown')).toBe('fault 6 SHUTDOWN_STATE');
  });

  it('B18.9: reloadConfig', async () => {
    control.rereading = { ok: true, added: ['x'], changed: ['cat'], removed: [] };
    expect(await call('reloadConfig')).toEqual([[['x'], ['cat'], []]]);
    control.rereading = { ok: false, message: 'no such file' };
    expect(await call('reloadConfig')).toBe('fault 92 CANT_REREAD: no such file');
  });

  it('B18.10: addProcessGroup and removeProcessGroup', async () => {
    expect(await call('addProcessGroup', 'x')).toBe(true);
    control.adding = 'already';
    expect(await call('addProcessGroup', 'x')).toBe('fault 90 ALREADY_ADDED: x');
    control.adding = 'unknown';
    expect(await call('addProcessGroup', 'x')).toBe('fault 10 BAD_NAME: x');
    expect(await call('removeProcessGroup', 'x')).toBe(true);
    control.removing = 'running';
    expect(await call('removeProcessGroup', 'x')).toBe('fault 91 STILL_RUNNING: x');
    control.removing = 'unknown';
    expect(await call('removeProcessGroup', 'x')).toBe('fault 10 BAD_NAME: x');
  });
});

describe('a log on a file system that hangs', () => {
  it.each([
    ['readLog', [0, 0]],
    ['readProcessStdoutLog', ['cat', 0, 0]],
    ['readProcessStderrLog', ['cat', -100, 0]],
    ['tailProcessStdoutLog', ['cat', 0, 100]],
    ['tailProcessStderrLog', ['cat', 0, 100]],
  ] as const)('keeps who calls %s waiting until he leaves, and nobody else', async (method, params) => {
    const files = new HeldFiles();
    const reader = new LogReader(files, (_path, done) => done());
    const log = path.join(directory, 'log');
    writeFileSync(log, 'text');
    control.activityLogPath = log;
    Object.assign(control.process('cat'), { stdoutLogPath: log, stderrLogPath: log });
    files.hold();
    const gone = new AbortController();
    const name = `supervisor.${method}`;
    const answer = dispatch({ ...host, reader }, { method: name, params }, gone.signal);
    expect(await call('getState')).toMatchObject({ statename: 'RUNNING' });
    expect(files.held).toHaveLength(1);
    gone.abort(new Error('the client is gone'));
    await expect(answer).rejects.toBe(gone.signal.reason);
  });
});

describe('information about processes', () => {
  it('B18.15: the struct, with whole seconds and no nulls', async () => {
    const cat = control.process('cat');
    cat.startedAtMs = host.clock.wallMs() - 61_999;
    cat.stdoutLogPath = '/tmp/out.log';
    cat.become('RUNNING', { pid: 42 });
    expect(await call('getProcessInfo', 'cat')).toEqual({
      name: 'cat',
      group: 'cat',
      start: 1_699_999_938,
      stop: 0,
      now: 1_700_000_000,
      state: 20,
      statename: 'RUNNING',
      spawnerr: '',
      exitstatus: 0,
      logfile: '/tmp/out.log',
      stdout_logfile: '/tmp/out.log',
      stderr_logfile: '',
      pid: 42,
      description: 'pid 42, uptime 0:01:02',
    });
  });

  it('B18.15: B14.6: exit status -1 and the error of the last start', async () => {
    control.process('cat').become('FATAL', { exitStatus: -1, spawnError: 'no' });
    expect(await call('getProcessInfo', 'cat:cat')).toMatchObject({
      exitstatus: -1,
      spawnerr: 'no',
      description: 'no',
      state: 200,
    });
  });

  it('B18.3: times after January 2038 are held at the largest integer', async () => {
    control.process('cat').startedAtMs = 2 ** 31 * 1000 + 5000;
    expect(await call('getProcessInfo', 'cat')).toMatchObject({ start: 2 ** 31 - 1 });
  });

  it('B18.15: all processes by group, then name; a group is no process', async () => {
    const all = await call('getAllProcessInfo');
    expect(Array.isArray(all) && all.map((info) => [info.group, info.name])).toEqual([
      ['cat', 'cat'],
      ['pool', 'a'],
      ['pool', 'b'],
    ]);
    expect(await call('getProcessInfo', 'pool:*')).toBe('fault 10 BAD_NAME: pool:*');
    expect(await call('getProcessInfo', 'a')).toBe('fault 10 BAD_NAME: a');
  });

  it('B18.16: the configuration read last, by name, with none and auto as texts', async () => {
    const auto = { ...processSettings().stdout, logfile: { kind: 'auto' } } as const;
    control.addFakeGroup('z', [{ name: 'aa', stdout: auto, stderr: auto, autorestart: 'always', uid: 0 }], 5);
    control.process('z', 'aa').stdoutLogPath = '/tmp/aa-stdout---supervisor-x.log';
    const all = await call('getAllConfigInfo');
    expect(Array.isArray(all) && all.map(({ name }) => name)).toEqual(['a', 'aa', 'b', 'cat']);
    expect(Array.isArray(all) && all[1]).toEqual({
      autostart: true,
      autorestart: true,
      directory: 'none',
      uid: 0,
      command: '/bin/cat',
      exitcodes: [0],
      group: 'z',
      group_prio: 5,
      inuse: true,
      killasgroup: false,
      name: 'aa',
      process_prio: 999,
      redirect_stderr: false,
      startretries: 3,
      startsecs: 1,
      stdout_capture_maxbytes: 0,
      stdout_events_enabled: false,
      stdout_logfile: '/tmp/aa-stdout---supervisor-x.log',
      stdout_logfile_backups: 10,
      stdout_logfile_maxbytes: 52_428_800,
      stdout_syslog: false,
      stopsignal: 15,
      stopwaitsecs: 10,
      stderr_capture_maxbytes: 0,
      stderr_events_enabled: false,
      stderr_logfile: 'auto',
      stderr_logfile_backups: 10,
      stderr_logfile_maxbytes: 52_428_800,
      stderr_syslog: false,
      serverurl: 'none',
    });
    expect(Array.isArray(all) && all[0]).toMatchObject({ autorestart: 'unexpected', stdout_logfile: 'none' });
  });

  it('B18.16: the path of an AUTO log is not known of settings that were read again', async () => {
    const auto = { ...processSettings().stdout, logfile: { kind: 'auto' } } as const;
    control.addFakeGroup('z', [{ name: 'z', stdout: auto }]);
    control.process('z').stdoutLogPath = '/tmp/z.log';
    control.availableGroups = control.availableGroups.map((group) => ({ ...group })).slice(2);
    control.groups.delete('cat');
    expect(await call('getAllConfigInfo')).toMatchObject([
      { name: 'z', stdout_logfile: 'auto', inuse: true },
    ]);
    control.groups.delete('z');
    expect(await call('getAllConfigInfo')).toMatchObject([{ name: 'z', inuse: false }]);
  });
});

describe('signals', () => {
  it.each([
    ['HUP', 1],
    ['sighup', 1],
    [' 18 ', 18],
    [18, 18],
    [18.7, 18],
    ['0', 0],
    ['CLD', 17],
    ['RTMIN', 34],
  ] as const)('B18.14: %j is signal %d', async (signal, number) => {
    control.process('cat').become('RUNNING', { pid: 5 });
    expect(await call('signalProcess', 'cat', signal)).toBe(true);
    expect(control.process('cat').calls).toEqual([`signal ${number}`]);
  });

  it.each([
    ['NOPE', 'NOPE'],
    ['', ''],
    [1000, '1000'],
    [[1], '[1]'],
    [null, 'None'],
  ] as const)('B18.14: %j is BAD_SIGNAL', async (signal, text) => {
    control.process('cat').become('RUNNING', { pid: 5 });
    expect(await call('signalProcess', 'cat', signal)).toBe(`fault 11 BAD_SIGNAL: ${text}`);
  });

  it.each(['STOPPED', 'BACKOFF', 'EXITED', 'FATAL', 'UNKNOWN'] as const)(
    'B18.14: in %s is NOT_RUNNING',
    async (state) => {
      control.process('cat').become(state);
      expect(await call('signalProcess', 'cat', 'HUP')).toBe('fault 70 NOT_RUNNING: cat');
    },
  );

  it('B18.14: groups and all, where a bad signal is the status of each', async () => {
    control.process('pool', 'a').become('STOPPING', { pid: 5 });
    control.process('cat').become('STARTING', { pid: 6 });
    const a = { name: 'a', group: 'pool', status: 80, description: 'OK' };
    expect(await call('signalProcess', 'pool:*', 'HUP')).toEqual([a]);
    expect(await call('signalProcessGroup', 'pool', 'HUP')).toEqual([a]);
    expect(await call('signalAllProcesses', 'HUP')).toEqual([{ ...a, name: 'cat', group: 'cat' }, a]);
    expect(await call('signalProcessGroup', 'pool', 'X')).toEqual([
      { ...a, status: 11, description: 'BAD_SIGNAL: X' },
    ]);
    expect(await call('signalProcessGroup', 'x', 'HUP')).toBe('fault 10 BAD_NAME: x');
    control.process('cat').killProblem = 'unknown problem';
    expect(await call('signalProcess', 'cat', 'HUP')).toBe('fault 30 FAILED: unknown problem');
  });
});

describe('logs of processes', () => {
  it('B18.17: reading, with the path in NO_FILE', async () => {
    const log = path.join(directory, 'out.log');
    expect(await call('readProcessStdoutLog', 'cat', 0, 0)).toBe('fault 20 NO_FILE');
    control.process('cat').stdoutLogPath = log;
    expect(await call('readProcessLog', 'cat', 0, 0)).toBe(`fault 20 NO_FILE: ${log}`);
    writeFileSync(log, 'out');
    expect(await call('readProcessStdoutLog', 'cat', 1, 0)).toBe('ut');
    expect(await call('readProcessStderrLog', 'cat', 0, 0)).toBe('fault 20 NO_FILE');
    expect(await call('readProcessStdoutLog', 'cat:*', 0, 0)).toBe('fault 10 BAD_NAME: cat:*');
  });

  it('B18.18: tailing, with an empty text where there is no file', async () => {
    const log = path.join(directory, 'err.log');
    expect(await call('tailProcessStdoutLog', 'cat', 0, 10)).toEqual(['', 0, false]);
    control.process('cat').stderrLogPath = log;
    expect(await call('tailProcessStderrLog', 'cat', 0, 10)).toEqual(['', 0, false]);
    writeFileSync(log, 'x'.repeat(20));
    expect(await call('tailProcessStderrLog', 'cat', 0, 10)).toEqual(['x'.repeat(10), 20, true]);
    expect(await call('tailProcessLog', 'x', 0, 10)).toBe('fault 10 BAD_NAME: x');
  });

  it('B18.19: clearing one and all', async () => {
    expect(await call('clearProcessLogs', 'cat')).toBe(true);
    expect(control.process('cat').calls).toEqual(['clear']);
    control.process('cat').clearing = 'failed';
    expect(await call('clearProcessLog', 'cat')).toBe('fault 30 FAILED: cat');
    expect(await call('clearProcessLogs', 'pool:')).toBe('fault 10 BAD_NAME: pool:');
    expect(await call('clearAllProcessLogs')).toEqual([
      { name: 'cat', group: 'cat', status: 30, description: 'FAILED: cat' },
      { name: 'b', group: 'pool', status: 80, description: 'OK' },
      { name: 'a', group: 'pool', status: 80, description: 'OK' },
    ]);
  });

  it('clearing is answered when it is done: all in the order in which they were asked', async () => {
    const [cat, b, a] = [control.process('cat'), control.process('pool', 'b'), control.process('pool', 'a')];
    cat.clearsLater = true;
    a.clearsLater = true;
    a.clearing = 'failed';
    const one = call('clearProcessLogs', 'pool:a');
    a.answerClear();
    expect(await one).toBe('fault 30 FAILED: pool:a');
    const all = call('clearAllProcessLogs');
    expect([cat.calls, b.calls, a.calls]).toEqual([['clear'], ['clear'], ['clear', 'clear']]);
    a.answerClear();
    control.clock.advance(500);
    cat.answerClear();
    expect(await all).toEqual([
      { name: 'cat', group: 'cat', status: 80, description: 'OK' },
      { name: 'b', group: 'pool', status: 80, description: 'OK' },
      { name: 'a', group: 'pool', status: 30, description: 'FAILED: pool:a' },
    ]);
  });
});

describe('a client that does not wait for its logs to be cleared', () => {
  it('is not waited for either', async () => {
    const cat = control.process('cat');
    cat.clearsLater = true;
    const abort = new AbortController();
    const done = dispatch(host, { method: 'supervisor.clearProcessLogs', params: ['cat'] }, abort.signal);
    abort.abort(new Error('gone'));
    await expect(done).rejects.toThrow('gone');
    cat.answerClear();
    expect(cat.calls).toEqual(['clear']);
  });
});

describe('handing something to processes', () => {
  it('B18.20: text goes as UTF-8, base64 as it is', async () => {
    const cat = control.process('cat');
    cat.become('RUNNING', { pid: 5 });
    expect(await call('sendProcessStdin', 'cat', 'é\n')).toBe(true);
    expect(await call('sendProcessStdin', 'cat', Uint8Array.from([0xff]))).toBe(true);
    expect(cat.calls).toEqual(['stdin Ã©\n', 'stdin ÿ']);
    cat.stdin = 'closed';
    expect(await call('sendProcessStdin', 'cat', 'x')).toBe('fault 20 NO_FILE: cat');
    cat.stdin = 'full';
    expect(await call('sendProcessStdin', 'cat', 'x')).toBe(
      'fault 30 FAILED: cat does not read what was sent before',
    );
  });

  it('B18.20: what cannot be written, in the order in which it is found', async () => {
    expect(await call('sendProcessStdin', 'x', 5)).toBe('fault 2 INCORRECT_PARAMETERS: 5');
    expect(await call('sendProcessStdin', 'x', [1, 'a', true, 2.5, { a: 1 }])).toBe(
      "fault 2 INCORRECT_PARAMETERS: [1, 'a', True, 2.5, {'a': 1}]",
    );
    expect(await call('sendProcessStdin', 'x', null)).toBe('fault 2 INCORRECT_PARAMETERS');
    expect(await call('sendProcessStdin', 'x', 'a')).toBe('fault 10 BAD_NAME: x');
    expect(await call('sendProcessStdin', 'cat', 'a')).toBe('fault 70 NOT_RUNNING: cat');
    control.process('cat').become('STOPPING', { pid: 5 });
    expect(await call('sendProcessStdin', 'cat', 'a')).toBe('fault 70 NOT_RUNNING: cat');
  });

  it('B18.21: B20.3: sendRemoteCommEvent publishes, also values that are no texts', async () => {
    expect(await call('sendRemoteCommEvent', 'deploy', 'now')).toBe(true);
    expect(await call('sendRemoteCommEvent', 5, true)).toBe(true);
    expect(control.events).toEqual([
      { type: 'REMOTE_COMMUNICATION', payload: 'type:deploy\nnow' },
      { type: 'REMOTE_COMMUNICATION', payload: 'type:5\nTrue' },
    ]);
    expect(await call('sendRemoteCommEvent', 'deploy', 'x'.repeat(2 ** 20))).toBe(
      'fault 2 INCORRECT_PARAMETERS: more than 1048576 characters',
    );
    expect(control.events).toHaveLength(2);
  });
});
