import { once } from 'node:events';
import { createServer, connect, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Connections } from './connections.ts';
import { maxDescriptorOf } from './descriptors.ts';
import { makeDirectory } from '../server.fixture.ts';

const limits = {
  firstRequestTimeoutMs: 60_000,
  nextRequestCheckMs: 60_000,
  maxWaiting: 10,
  maxConnections: 100,
  maxOfAddress: 100,
  maxRequests: 16,
  maxDescriptor: Number.POSITIVE_INFINITY,
};

describe('Connections', () => {
  let server: Server;
  let file: string;
  let remove: () => void;
  const clients: Socket[] = [];

  beforeEach(async () => {
    const made = makeDirectory();
    remove = made.remove;
    file = path.join(made.directory, 's.sock');
    server = createServer();
    await new Promise<void>((resolve) => server.listen(file, resolve));
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) {
      client.destroy();
    }
    await new Promise((resolve) => server.close(resolve));
    remove();
  });

  /** The server's end of a new connection, and what tells that the other end saw it closed. */
  async function open(
    connections: Connections,
    descriptor = 0,
  ): Promise<{ readonly socket: Socket; readonly closed: Promise<void> }> {
    const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
    const client = connect(file);
    clients.push(client);
    client.on('error', () => undefined).resume();
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    const socket = await accepted;
    socket.on('error', () => undefined);
    if (!connections.opened(socket, descriptor).isAccepted) {
      socket.destroy();
    }
    return { socket, closed };
  }

  it('closes a connection whose first request does not come', async () => {
    const connections = new Connections({ ...limits, firstRequestTimeoutMs: 1 });
    const { closed, socket } = await open(connections);
    await closed;
    expect(socket.destroyed).toBe(true);
  });

  it('leaves one alone whose request is being answered, and one that waits for its next', async () => {
    const connections = new Connections({ ...limits, firstRequestTimeoutMs: 1, nextRequestCheckMs: 1 });
    const { socket } = await open(connections);
    connections.requested(socket);
    const other = await open(connections);
    await other.closed;
    connections.answered(socket);
    const third = await open(connections);
    await third.closed;
    expect(socket.destroyed).toBe(false);
    socket.destroy();
  });

  it('keeps no timer for a connection that is closed, whatever it was waiting for', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const connections = new Connections(limits);
      const first = await open(connections);
      const later = await open(connections);
      connections.requested(later.socket);
      connections.answered(later.socket);
      expect(vi.getTimerCount()).toBe(2);
      const closed = [first, later].map(({ socket }) => once(socket, 'close'));
      first.socket.destroy();
      later.socket.destroy();
      await Promise.all(closed);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('closes the one that has waited longest when too many wait', async () => {
    const connections = new Connections({ ...limits, maxWaiting: 2 });
    const first = await open(connections);
    const second = await open(connections);
    connections.requested(first.socket);
    connections.answered(first.socket);
    const third = await open(connections);
    await second.closed;
    expect([first, second, third].map(({ socket }) => socket.destroyed)).toEqual([false, true, false]);
    const busy = await open(connections);
    await first.closed;
    connections.requested(busy.socket);
    await open(connections);
    expect([third, busy].map(({ socket }) => socket.destroyed)).toEqual([false, false]);
  });

  it('counts requests that come before earlier ones are answered', async () => {
    const connections = new Connections({ ...limits, maxWaiting: 1 });
    const { socket } = await open(connections);
    connections.requested(socket);
    connections.requested(socket);
    expect(connections.isAnsweringOne(socket)).toBe(false);
    connections.answered(socket);
    expect(connections.isAnsweringOne(socket)).toBe(true);
    await open(connections);
    expect(socket.destroyed).toBe(false);
  });

  describe('with as many as there may be', () => {
    it('closes whose client has owed something for longest, then refuses', async () => {
      const connections = new Connections({ ...limits, maxConnections: 2 });
      const [busy, stalled] = [await open(connections), await open(connections)];
      connections.requested(busy.socket);
      connections.requested(stalled.socket);
      connections.owes(stalled.socket);
      const third = await open(connections);
      await stalled.closed;
      connections.requested(third.socket);
      const fourth = await open(connections);
      expect([busy, third, fourth].map(({ socket }) => socket.destroyed)).toEqual([false, false, true]);
    });

    it('counts those of other servers, too', async () => {
      const shared = { open: 0, max: 1 };
      const [one, other] = [new Connections(limits, shared), new Connections(limits, shared)];
      const first = await open(one);
      expect((await open(other)).socket.destroyed).toBe(true);
      const gone = once(first.socket, 'close');
      first.socket.destroy();
      await gone;
      expect((await open(other)).socket.destroyed).toBe(false);
    });

    it('leaves descriptors to others', async () => {
      const connections = new Connections({ ...limits, maxDescriptor: 100 });
      const accept = async (descriptor: number) => open(connections, descriptor);
      const waiting = await accept(99);
      expect((await accept(100)).socket.destroyed).toBe(true);
      await waiting.closed;
      expect((await accept(99)).socket.destroyed).toBe(false);
    });
  });

  it('answers no more than so many requests of one at a time', async () => {
    const connections = new Connections({ ...limits, maxRequests: 2 });
    const { socket } = await open(connections);
    const places = Array.from({ length: 4 }, () => connections.requested(socket));
    expect(places).toEqual(['accepted', 'accepted', 'first-too-many', 'too-many']);
  });
});

describe('maxDescriptorOf', () => {
  it.each([
    [64, 48, 60],
    [1024, 896, 992],
    [1_048_576, 1_048_448, 1_048_544],
  ])('of %s leaves some to programs, and some of those to socket files', (limit, inet, unix) => {
    expect([maxDescriptorOf('inet', limit), maxDescriptorOf('unix', limit)]).toEqual([inet, unix]);
  });
});
