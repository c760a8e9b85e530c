import { describe, expect, it } from 'vitest';
import { FakeControl, fakeRpcHost, type FakeProcess } from '../control.fixture.ts';
import { dispatch } from '../dispatch.ts';
import type { XmlRpcValue } from '../xml/value.ts';

function makeWorld() {
  const control = new FakeControl();
  control.addFakeGroup('web', [{ name: 'web' }]);
  control.addFakeGroup('pool', [
    { name: 'late', priority: 20 },
    { name: 'early', priority: 10 },
  ]);
  control.addFakeGroup('first', [{ name: 'one' }], 1);
  const host = fakeRpcHost(control);
  const abort = new AbortController();
  const call = (method: string, ...params: readonly XmlRpcValue[]) =>
    dispatch(host, { method: `supervisor.${method}`, params }, abort.signal);
  return { control, host, abort, call, web: control.process('web') };
}

const yes = { ok: true, value: true };

function outcome(group: string, name: string, status = 80, description = 'OK') {
  return { name, group, status, description };
}

function fails(process: FakeProcess, spawnError: string): void {
  process.onStart = () => process.become('BACKOFF', { pid: 0, spawnError });
}

describe('startProcess', () => {
  it('B18.11: answers once the process is RUNNING', async () => {
    const { call, web } = makeWorld();
    const answer = call('startProcess', 'web');
    expect(web.listeners).toBe(1);
    web.become('RUNNING');
    expect(await answer).toEqual(yes);
    expect(web.calls).toEqual(['start']);
    expect(web.listeners).toBe(0);
  });

  it('B18.11: without wait answers as soon as it has been spawned', async () => {
    const { call, web } = makeWorld();
    expect(await call('startProcess', 'web', false)).toEqual(yes);
    expect(web.state).toBe('STARTING');
  });

  it('B18.11: waits for the outcome of the spawn even without wait', async () => {
    const { call, web } = makeWorld();
    web.onStart = () => web.become('STARTING', { isSpawning: true });
    const answer = call('startProcess', 'web', false);
    web.become('BACKOFF', { isSpawning: false, spawnError: 'no' });
    expect(await answer).toMatchObject({ faultCode: 50, faultString: 'SPAWN_ERROR: web' });
  });

  it.each([true, false])('B18.11: a failed spawn is SPAWN_ERROR (wait %s)', async (wait) => {
    const { call, web } = makeWorld();
    fails(web, 'too many open files');
    expect(await call('startProcess', 'web', wait)).toMatchObject({
      faultCode: 50,
      faultString: 'SPAWN_ERROR: web',
    });
  });

  it('B18.11: a process that ends too quickly is SPAWN_ERROR', async () => {
    const { call, web } = makeWorld();
    const answer = call('startProcess', 'web');
    web.become('BACKOFF', { spawnError: 'Exited too quickly (process log may have details)' });
    expect(await answer).toMatchObject({ faultCode: 50, faultString: 'SPAWN_ERROR: web' });
  });

  it.each(['STOPPING', 'EXITED', 'STOPPED'] as const)(
    'B18.11: %s meanwhile is ABNORMAL_TERMINATION',
    async (state) => {
      const { call, web } = makeWorld();
      const answer = call('startProcess', 'web');
      web.become(state);
      expect(await answer).toMatchObject({ faultCode: 40, faultString: 'ABNORMAL_TERMINATION: web' });
    },
  );

  it.each(['RUNNING', 'STARTING', 'BACKOFF'] as const)('B18.11: in %s is ALREADY_STARTED', async (state) => {
    const { call, web } = makeWorld();
    web.become(state);
    expect(await call('startProcess', 'web')).toMatchObject({
      faultCode: 60,
      faultString: 'ALREADY_STARTED: web',
    });
    expect(web.calls).toEqual([]);
  });

  it('B18.11: in UNKNOWN is FAILED', async () => {
    const { call, web } = makeWorld();
    web.become('UNKNOWN');
    expect(await call('startProcess', 'web')).toMatchObject({
      faultCode: 30,
      faultString: 'FAILED: web is in an unknown process state',
    });
  });

  it.each([
    ['not-found', 20, 'NO_FILE'],
    ['not-executable', 21, 'NOT_EXECUTABLE'],
  ] as const)('B18.11: a command that is %s is told even of a running process', async (kind, code, name) => {
    const { call, web } = makeWorld();
    web.become('RUNNING');
    web.command = { ok: false, kind, message: "can't find command 'x'" };
    expect(await call('startProcess', 'web')).toMatchObject({
      faultCode: code,
      faultString: `${name}: can't find command 'x'`,
    });
  });

  it.each(['x', 'x:web', 'web:x', ':', ''])('B18.11: %j is BAD_NAME', async (name) => {
    const { call } = makeWorld();
    expect(await call('startProcess', name)).toMatchObject({
      faultCode: 10,
      faultString: `BAD_NAME: ${name}`,
    });
  });

  it('gives up waiting when nobody waits for the answer', async () => {
    const { call, web, abort } = makeWorld();
    const answer = call('startProcess', 'web');
    abort.abort(new Error('gone'));
    await expect(answer).rejects.toThrow('gone');
    expect(web.listeners).toBe(0);
  });
});

describe('startProcessGroup and startAllProcesses', () => {
  it('B18.12: B8.3: group:* starts a group in order of priority and skips what runs', async () => {
    const { call, control } = makeWorld();
    const late = control.process('pool', 'late');
    const early = control.process('pool', 'early');
    const answer = call('startProcess', 'pool:*');
    late.become('RUNNING');
    early.become('RUNNING');
    expect(await answer).toEqual({ ok: true, value: [outcome('pool', 'early'), outcome('pool', 'late')] });
    expect(await call('startProcessGroup', 'pool')).toEqual({ ok: true, value: [] });
  });

  it('B18.12: what needs no waiting comes first, the others as they are done', async () => {
    const { call, control, host, web } = makeWorld();
    const early = control.process('pool', 'early');
    fails(control.process('pool', 'late'), 'no');
    const answer = call('startAllProcesses');
    host.clock.advance(60);
    web.become('RUNNING');
    await nextTurn();
    host.clock.advance(60);
    early.become('BACKOFF', { spawnError: 'too quick' });
    control.process('first', 'one').become('RUNNING');
    expect(await answer).toEqual({
      ok: true,
      value: [
        outcome('pool', 'late', 50, 'SPAWN_ERROR: pool:late'),
        outcome('web', 'web'),
        outcome('first', 'one'),
        outcome('pool', 'early', 50, 'SPAWN_ERROR: pool:early'),
      ],
    });
  });

  it('B18.12: an unknown group is BAD_NAME', async () => {
    const { call } = makeWorld();
    expect(await call('startProcessGroup', 'x')).toMatchObject({ faultCode: 10, faultString: 'BAD_NAME: x' });
  });

  it('lets others have their turn while it starts many, and leaves out what is removed meanwhile', async () => {
    const { call, control, host, web } = makeWorld();
    const late = control.process('pool', 'late');
    control.process('first', 'one').onStart = (process) => {
      process.become('RUNNING');
      host.clock.advance(10);
    };
    const answer = call('startAllProcesses', false);
    expect([web.calls, late.calls]).toEqual([[], []]);
    control.groups.delete('pool');
    expect(await answer).toMatchObject({ value: [outcome('first', 'one'), outcome('web', 'web')] });
    expect([web.calls, late.calls]).toEqual([['start'], []]);
  });

  it('a defect of one process fails the whole call, without a stray rejection', async () => {
    const { call, control, abort } = makeWorld();
    control.process('web').onStart = () => {
      throw new TypeError('broken');
    };
    await expect(call('startAllProcesses')).rejects.toThrow('broken');
    abort.abort(new Error('gone'));
    await nextTurn();
  });
});

describe('stopProcess', () => {
  it('B18.13: answers once the process has ended', async () => {
    const { call, web } = makeWorld();
    web.become('RUNNING');
    const answer = call('stopProcess', 'web');
    web.become('STOPPED');
    expect(await answer).toEqual(yes);
    expect(web.listeners).toBe(0);
  });

  it('B14.13: has the wait reported at once and every two seconds', async () => {
    const { call, host, web } = makeWorld();
    web.become('RUNNING');
    const answer = call('stopProcess', 'web');
    host.clock.advance(6500);
    expect(web.calls).toEqual(['stop', 'report', 'report', 'report', 'report']);
    web.become('STOPPED');
    await answer;
    expect(host.clock.pending).toBe(0);
  });

  it('B14.9: in BACKOFF there is nothing to wait for', async () => {
    const { call, web } = makeWorld();
    web.become('BACKOFF');
    web.onStop = () => web.become('STOPPED');
    expect(await call('stopProcess', 'web')).toEqual(yes);
    expect(web.calls).toEqual(['stop']);
  });

  it('B18.13: without wait answers at once', async () => {
    const { call, host, web } = makeWorld();
    web.become('RUNNING');
    expect(await call('stopProcess', 'web', 0)).toEqual(yes);
    expect(host.clock.pending).toBe(0);
  });

  it.each(['STOPPED', 'STOPPING', 'EXITED', 'FATAL', 'UNKNOWN'] as const)(
    'B18.13: in %s is NOT_RUNNING',
    async (state) => {
      const { call, web } = makeWorld();
      web.become(state);
      expect(await call('stopProcess', 'web')).toMatchObject({
        faultCode: 70,
        faultString: 'NOT_RUNNING: web',
      });
    },
  );

  it('B18.13: a signal that cannot be sent is FAILED', async () => {
    const { call, web } = makeWorld();
    web.become('RUNNING');
    web.killProblem = 'unknown problem killing web (7):EPERM';
    expect(await call('stopProcess', 'web')).toMatchObject({
      faultCode: 30,
      faultString: 'FAILED: unknown problem killing web (7):EPERM',
    });
  });

  it('B18.13: B15.3: stopAllProcesses asks all at once, lowest priority first, and skips what does not run', async () => {
    const { call, control, web } = makeWorld();
    const one = control.process('first', 'one');
    const stopped: string[] = [];
    for (const process of [web, one]) {
      process.become('RUNNING');
      process.onStop = () => {
        stopped.push(process.settings.name);
        process.become('STOPPING');
      };
    }
    const answer = call('stopAllProcesses');
    expect(stopped).toEqual(['one', 'web']);
    web.become('STOPPED');
    one.become('STOPPED');
    expect(await answer).toEqual({ ok: true, value: [outcome('first', 'one'), outcome('web', 'web')] });
  });
});

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
