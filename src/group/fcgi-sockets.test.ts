import { beforeEach, describe, expect, it } from 'vitest';
import type { GroupSettings } from '../config/settings.ts';
import { FakeSystem } from '../system/fake-system.ts';
import { FcgiSockets } from './fcgi-sockets.ts';

const group: GroupSettings = {
  kind: 'fcgi-program',
  name: 'php',
  priority: 999,
  processes: [],
  socket: { kind: 'tcp', url: 'tcp://localhost:9000', host: 'localhost', port: 9000, backlog: null },
};

const creating = 'info Creating socket tcp://localhost:9000';
const closing = 'info Closing socket tcp://localhost:9000';

let system: FakeSystem;
let lines: string[];
let sockets: FcgiSockets;

beforeEach(() => {
  system = new FakeSystem();
  lines = [];
  sockets = new FcgiSockets({ system, log: (level, message) => void lines.push(`${level} ${message}`) });
});

describe('the socket of a FastCGI group', () => {
  it('B9.3: is opened for the first who needs it and closed after the last', () => {
    const socket = sockets.of(group);
    const [one, two] = [{}, {}];
    const first = socket?.acquire(one);
    const second = socket?.acquire(two);
    expect(first?.ok === true && second?.ok === true && first.fd === second.fd && first.fd.number).toBe(101);
    socket?.release(one);
    expect([...system.openFds]).toEqual([101]);
    socket?.release(two);
    socket?.release(two);
    expect(system.openFds.size).toBe(0);
    expect(lines).toEqual([creating, closing]);
    const again = socket?.acquire(one);
    expect(again?.ok === true && again.fd.isOpen).toBe(true);
  });

  it('B9.3: is opened and closed once to find mistakes', () => {
    expect(sockets.check(group)).toBeNull();
    expect(lines).toEqual([creating, closing]);
    system.nextListenFailure = 'EADDRINUSE';
    expect(sockets.check(group)).toBe('could not create FastCGI socket tcp://localhost:9000: EADDRINUSE');
    expect(lines).toEqual([creating, closing, creating]);
    expect(system.openFds.size).toBe(0);
  });

  it('is none of the business of other groups', () => {
    const other: GroupSettings = { kind: 'group', name: 'web', priority: 1, processes: [] };
    expect(sockets.of(other)).toBeNull();
    expect(sockets.check(other)).toBeNull();
    expect(system.listened).toEqual([]);
  });

  it('is another one after its group was removed', () => {
    const before = sockets.of(group);
    expect(sockets.of(group)).toBe(before);
    sockets.remove('php');
    expect(sockets.of(group)).not.toBe(before);
  });
});
