import { describe, expect, it } from 'vitest';
import { encodeEvent } from './envelope.ts';

const delivery = { server: 'super', pool: 'p', serial: 21, poolSerial: 7, lengthInBytes: false };

describe('encodeEvent', () => {
  it('B20: is a header line and the payload', () => {
    const event = { type: 'TICK_5', payload: 'when:1700000000' } as const;
    expect(encodeEvent(event, delivery).toString()).toBe(
      'ver:3.0 server:super serial:21 pool:p poolserial:7 eventname:TICK_5 len:15\nwhen:1700000000',
    );
  });

  it.each([
    ['', 0],
    ['häß', 3],
    ['a😀b', 3],
  ])('B20: the length of %j is counted in characters', (payload, length) => {
    const text = encodeEvent({ type: 'REMOTE_COMMUNICATION', payload }, delivery).toString();
    expect(text).toBe(
      `ver:3.0 server:super serial:21 pool:p poolserial:7 eventname:REMOTE_COMMUNICATION len:${length}\n${payload}`,
    );
  });

  it('counts bytes where that was asked for', () => {
    const event = { type: 'REMOTE_COMMUNICATION', payload: 'a😀b' } as const;
    expect(encodeEvent(event, { ...delivery, lengthInBytes: true }).toString()).toContain(' len:6\na😀b');
  });
});
