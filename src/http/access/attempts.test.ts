import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../system/fake-clock.ts';
import { Attempts } from './attempts.ts';
import { Sessions } from './sessions.ts';

function from(remoteAddress: string | undefined, forwarded?: string): IncomingMessage {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return { socket: { remoteAddress }, headers } as unknown as IncomingMessage;
}

/** Wrong passwords of one address, until it has to wait; at most so many. */
function guessesOf(attempts: Attempts, request: (turn: number) => IncomingMessage, most: number): number {
  for (let turn = 0; turn < most; turn += 1) {
    if (attempts.judge(request(turn), `wrong ${turn}`) !== 0) {
      return turn;
    }
    attempts.failed(request(turn), `wrong ${turn}`);
  }
  return most;
}

describe('Attempts', () => {
  it.each([
    ['IPv4', () => from('192.0.2.1'), 10],
    ['IPv4 in IPv6', (turn: number) => from(turn % 2 === 0 ? '::ffff:192.0.2.1' : '192.0.2.1'), 10],
    ['one IPv6 network', (turn: number) => from(`2001:db8:1:2::${turn}`), 10],
    ['one client of a proxy', () => from('127.0.0.1', '192.0.2.1'), 10],
    [
      'a proxy that says of every request something else',
      (turn: number) => from('::1', `client${turn}`),
      200,
    ],
    ['a client that only pretends to be a proxy', (turn: number) => from('192.0.2.1', `client${turn}`), 10],
    ['a unix socket', () => from(undefined), 500],
  ])('%s', (_what, request, expected) => {
    expect(guessesOf(new Attempts(new FakeClock()), request, 500)).toBe(expected);
  });

  it('counts each wrong password for five minutes', () => {
    const clock = new FakeClock();
    const attempts = new Attempts(clock);
    for (let turn = 0; turn < 10; turn += 1) {
      attempts.failed(from('192.0.2.1'), `wrong ${turn}`);
      clock.advance(1000);
    }
    expect(attempts.judge(from('192.0.2.1'), 'other')).toBe(290);
    clock.advance(290_000);
    expect(attempts.judge(from('192.0.2.1'), 'other')).toBe(0);
    expect(attempts.judge(from('192.0.2.1'), 'wrong 0')).toBe(0);
    expect(attempts.judge(from('192.0.2.1'), 'wrong 9')).toBe('known');
  });

  it('keeps a bounded number of addresses', () => {
    const attempts = new Attempts(new FakeClock());
    const addressOf = (index: number): string => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
    for (let index = 0; index < 10_000; index += 1) {
      attempts.failed(from(addressOf(index)), 'wrong');
    }
    expect(attempts.judge(from(addressOf(0)), 'wrong')).toBe(0);
    expect(attempts.judge(from(addressOf(9999)), 'wrong')).toBe('known');
  });
});

describe('Sessions', () => {
  const credentials = { username: 'ann', password: 'p' };

  it('end when the password changes, after a week, and when there are too many', () => {
    const clock = new FakeClock();
    const sessions = new Sessions(clock);
    const first = sessions.begin(credentials);
    expect(sessions.userOf(first, credentials)).toBe('ann');
    expect(sessions.userOf(first, { ...credentials, password: 'q' })).toBeNull();
    for (let hour = 0; hour < 7 * 24; hour += 1) {
      expect(sessions.userOf(first, credentials)).toBe('ann');
      clock.advance(3_600_000);
    }
    expect(sessions.userOf(first, credentials)).toBeNull();
    const second = sessions.begin(credentials);
    for (let count = 0; count < 1000; count += 1) {
      sessions.begin(credentials);
    }
    expect(sessions.userOf(second, credentials)).toBeNull();
  });

  it('of two daemons have nothing in common', () => {
    const [one, other] = [new Sessions(new FakeClock()), new Sessions(new FakeClock())];
    expect(one.digest('a')).not.toBe(other.digest('a'));
    expect(one.digest('a', 'b')).not.toBe(one.digest('ab'));
    expect(other.userOf(one.begin(credentials), credentials)).toBeNull();
  });
});
