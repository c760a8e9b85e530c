import { describe, expect, it } from 'vitest';
import { FakeClock } from '../system/fake-clock.ts';
import { ServiceManager } from './service-manager.ts';

function world(variables: Readonly<Record<string, string>>) {
  const clock = new FakeClock();
  const sent: string[] = [];
  const state: { failure: string | null } = { failure: null };
  const env: NodeJS.ProcessEnv = { ...variables };
  const service = ServiceManager.take(env, {
    clock,
    pid: 42,
    monotonicUsec: () => 123_456n,
    send: (path, message) => {
      if (state.failure === null) {
        sent.push(`${path} ${message}`);
      }
      return state.failure;
    },
  });
  return { clock, sent, state, env, service };
}

describe('ServiceManager', () => {
  it('says nothing, and arms nothing, without a socket', () => {
    const { clock, sent, service } = world({ WATCHDOG_USEC: '1000' });
    service.ready();
    service.status('fine');
    service.stopping();
    expect([service.isPresent, sent, clock.pending]).toEqual([false, [], 0]);
  });

  it('takes its variables out of what programs inherit', () => {
    const { env } = world({ NOTIFY_SOCKET: '/n', WATCHDOG_USEC: '1', WATCHDOG_PID: '42', A: '1' });
    expect(env).toEqual({ A: '1' });
  });

  it('tells readiness, a new beginning with its time, and the end', () => {
    const { sent, service } = world({ NOTIFY_SOCKET: '@n' });
    service.ready();
    service.reloading();
    service.status('1 of 2 processes running');
    service.stopping();
    expect(sent).toEqual([
      '@n READY=1\nMAINPID=42',
      '@n RELOADING=1\nMONOTONIC_USEC=123456',
      '@n STATUS=1 of 2 processes running',
      '@n STOPPING=1',
    ]);
  });

  it('feeds the watchdog twice in its time from readiness on, once for all lives', () => {
    const { clock, sent, service } = world({ NOTIFY_SOCKET: '/n', WATCHDOG_USEC: '4000000' });
    clock.advance(10_000);
    expect(sent).toEqual([]);
    service.ready();
    service.ready();
    clock.advance(4000);
    expect(sent.filter((message) => message === '/n WATCHDOG=1')).toHaveLength(3);
    service.close();
    expect(clock.pending).toBe(0);
  });

  it('leaves a watchdog alone that is meant for another process', () => {
    const { clock, service } = world({ NOTIFY_SOCKET: '/n', WATCHDOG_USEC: '4000000', WATCHDOG_PID: '43' });
    service.ready();
    expect(clock.pending).toBe(0);
  });

  it('sends again what there was no room for, in order, and drops what can never be sent', () => {
    const { clock, sent, state, service } = world({ NOTIFY_SOCKET: '/n' });
    state.failure = 'EAGAIN';
    service.status('a');
    service.status('b');
    clock.advance(1000);
    state.failure = null;
    clock.advance(100);
    expect(sent).toEqual(['/n STATUS=a', '/n STATUS=b']);
    state.failure = 'ECONNREFUSED';
    service.status('c');
    expect(clock.pending).toBe(0);
  });
});
