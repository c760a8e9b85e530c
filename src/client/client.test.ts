import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { CannedDaemon, CannedFault } from './canned-daemon.fixture.ts';
import type { CannedAnswers } from './canned-daemon.fixture.ts';
import { SupervisorClient } from './client.ts';
import {
  BadServerUrlError,
  ConnectionError,
  FaultError,
  HttpStatusError,
  MalformedReplyError,
  UnauthorizedError,
} from './errors.ts';
import { parseServerUrl } from './server-url.ts';

const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) {
    close();
  }
});

async function connect(
  answers: CannedAnswers,
  credentials?: { username: string; password: string },
): Promise<{ readonly daemon: CannedDaemon; readonly client: SupervisorClient }> {
  const daemon = await CannedDaemon.start(answers);
  const client = new SupervisorClient({ serverUrl: daemon.serverUrl, credentials: credentials ?? null });
  closers.push(
    () => {
      client.close();
    },
    () => {
      daemon.close();
    },
  );
  return { daemon, client };
}

const info = {
  name: 'web_00',
  group: 'web',
  description: 'pid 7, uptime 0:00:01',
  start: 1,
  stop: 0,
  now: 2,
  state: 20,
  statename: 'RUNNING',
  spawnerr: '',
  exitstatus: 0,
  stdout_logfile: '/o',
  stderr_logfile: '/e',
  pid: 7,
};

describe('SupervisorClient', () => {
  it('B18: reads what methods answer', async () => {
    const outcome = { name: 'a', group: 'g', status: 80, description: 'OK' };
    const { client } = await connect({
      methods: {
        'supervisor.getState': { statecode: 1, statename: 'RUNNING' },
        'supervisor.getProcessInfo': { ...info, logfile: '/o' },
        'supervisor.reloadConfig': [[['a'], ['b', 'c'], []]],
        'supervisor.tailProcessStdoutLog': ['text', 12, true],
        'supervisor.stopAllProcesses': [outcome],
        'system.listMethods': ['system.listMethods'],
        'system.multicall': [1, { faultCode: 10, faultString: 'BAD_NAME' }],
        'other.method': [true, { x: 1.5 }],
      },
    });
    expect(await client.getState()).toEqual({ statecode: 1, statename: 'RUNNING' });
    expect(await client.getProcessInfo('web:web_00')).toEqual(info);
    expect(await client.reloadConfig()).toEqual({ added: ['a'], changed: ['b', 'c'], removed: [] });
    expect(await client.tailProcessStdoutLog('a', 0, 4)).toEqual({
      text: 'text',
      offset: 12,
      overflow: true,
    });
    expect(await client.stopAllProcesses()).toEqual([outcome]);
    expect(await client.listMethods()).toEqual(['system.listMethods']);
    expect(await client.multicall([{ methodName: 'x.y', params: [] }])).toEqual([
      1,
      { faultCode: 10, faultString: 'BAD_NAME' },
    ]);
    expect(await client.call('other.method')).toEqual([true, { x: 1.5 }]);
  });

  it('B18: sends parameters in their order', async () => {
    const { client, daemon } = await connect({
      methods: { 'supervisor.startProcess': true, 'supervisor.sendProcessStdin': true },
    });
    await client.startProcess('a:b');
    await client.startProcess('a', false);
    await client.sendProcessStdin('a', 'é\r\n');
    expect(daemon.calls).toEqual([
      { method: 'supervisor.startProcess', params: ['a:b', true] },
      { method: 'supervisor.startProcess', params: ['a', false] },
      { method: 'supervisor.sendProcessStdin', params: ['a', 'é\r\n'] },
    ]);
  });

  it('tells faults, bad statuses and strange replies apart', async () => {
    const { client } = await connect({
      methods: {
        'supervisor.startProcess': new CannedFault(10, 'BAD_NAME: x'),
        'supervisor.getPID': 'not a number',
        'supervisor.getProcessInfo': { name: 'x' },
      },
    });
    await expect(client.startProcess('x')).rejects.toMatchObject({
      constructor: FaultError,
      code: 'FAULT',
      faultCode: 10,
      faultString: 'BAD_NAME: x',
    });
    await expect(client.getPID()).rejects.toThrow('cannot read the reply to supervisor.getPID');
    await expect(client.getPID()).rejects.toBeInstanceOf(MalformedReplyError);
    await expect(client.getProcessInfo('x')).rejects.toThrow('member group of the reply is not a string');
  });

  it('B19.5: gives credentials, and knows 401 from other statuses', async () => {
    const seen: (string | undefined)[] = [];
    const answers: CannedAnswers = {
      intercept: (request, response) => {
        seen.push(request.headers.authorization);
        response.writeHead(request.headers.authorization === undefined ? 401 : 503).end();
        return true;
      },
    };
    const anonymous = await connect(answers);
    await expect(anonymous.client.getPID()).rejects.toBeInstanceOf(UnauthorizedError);
    const known = await connect(answers, { username: 'é', password: 'a:b' });
    await expect(known.client.getPID()).rejects.toMatchObject({ constructor: HttpStatusError, status: 503 });
    expect(seen).toEqual([undefined, `Basic ${Buffer.from('é:a:b').toString('base64')}`]);
  });

  it('B17.3: names the errno of a connection that fails', async () => {
    const missing = new SupervisorClient({ serverUrl: 'unix:///no/such.sock' });
    await expect(missing.getPID()).rejects.toMatchObject({ constructor: ConnectionError, errno: 'ENOENT' });
    const refused = new SupervisorClient({ serverUrl: `http://localhost:${await closedPort()}` });
    await expect(refused.getPID()).rejects.toMatchObject({ errno: 'ECONNREFUSED', hungUp: false });
  });

  it('tells when the server hangs up', async () => {
    const { client } = await connect({
      intercept: (request) => {
        request.socket.destroy();
        return true;
      },
    });
    await expect(client.getPID()).rejects.toMatchObject({ constructor: ConnectionError, hungUp: true });
  });

  it('keeps its connection, and gets over one that the server has closed', async () => {
    const sockets = new Set<unknown>();
    const { client } = await connect({
      methods: { 'supervisor.getPID': 1 },
      intercept: (request) => {
        sockets.add(request.socket);
        return false;
      },
    });
    await client.getPID();
    await client.getPID();
    expect(sockets.size).toBe(1);
    for (const socket of sockets) {
      (socket as { destroy: () => void }).destroy();
    }
    expect(await client.getPID()).toBe(1);
    expect(sockets.size).toBe(2);
  });

  it('can be aborted while it waits for an answer', async () => {
    const controller = new AbortController();
    const daemon = await CannedDaemon.start({
      intercept: () => {
        controller.abort(new Error('enough'));
        return true;
      },
    });
    closers.push(() => {
      daemon.close();
    });
    const client = new SupervisorClient({ serverUrl: daemon.serverUrl }, controller.signal);
    await expect(client.getPID()).rejects.toThrow('enough');
  });

  it('refuses a server URL of another kind', () => {
    expect(() => new SupervisorClient({ serverUrl: 'ftp://x' })).toThrow(BadServerUrlError);
  });
});

describe('parseServerUrl', () => {
  it('B6.1: knows unix sockets and TCP', () => {
    expect(parseServerUrl('unix:///run/s.sock')).toEqual({ kind: 'unix', path: '/run/s.sock' });
    expect(parseServerUrl('http://Host:9001/path')).toEqual({ kind: 'tcp', host: 'host', port: 9001 });
    expect(parseServerUrl('http://host')).toEqual({ kind: 'tcp', host: 'host', port: 80 });
    expect(parseServerUrl('http://[::1]:9001')).toEqual({ kind: 'tcp', host: '::1', port: 9001 });
    expect(() => parseServerUrl('unix://')).toThrow(BadServerUrlError);
    expect(() => parseServerUrl('http://')).toThrow(BadServerUrlError);
  });
});

describe('follow', () => {
  it('B19.1: yields bytes as they come and ends with the stream', async () => {
    const { client } = await connect({
      streams: {
        '/logtail/web:web_00/stderr': (response) => {
          response.write('one');
          response.end('two');
        },
      },
    });
    const log = { kind: 'process', name: 'web:web_00', channel: 'stderr' } as const;
    expect(await collect(client.follow(log))).toBe('onetwo');
  });

  it('B19.1: ends quietly when the daemon goes away, or when it is aborted', async () => {
    const controller = new AbortController();
    const { client } = await connect({
      streams: {
        '/mainlogtail': (response) => {
          response.write('cut');
          setImmediate(() => response.socket?.destroy());
        },
        '/logtail/a%20b/stdout': (response) => {
          response.write('endless');
        },
      },
    });
    expect(await collect(client.follow({ kind: 'main' }))).toBe('cut');
    const endless = client.follow({ kind: 'process', name: 'a b', channel: 'stdout' }, controller.signal);
    expect(await endless.next()).toMatchObject({ done: false });
    controller.abort();
    expect(await endless.next()).toMatchObject({ done: true });
  });

  it('B19.1: fails without such a log', async () => {
    const { client } = await connect({});
    await expect(collect(client.follow({ kind: 'main' }))).rejects.toMatchObject({ status: 404 });
  });
});

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) {
    text += Buffer.from(chunk).toString();
  }
  return text;
}

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise<unknown>((resolve) => {
    server.close(resolve);
  });
  return port;
}
