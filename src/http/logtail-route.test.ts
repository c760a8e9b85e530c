import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { ServerResponse } from 'node:http';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ask, RawConnection, serveFake } from './server.fixture.ts';

describe('following logs', () => {
  let world: Awaited<ReturnType<typeof serveFake>>;
  let log: string;

  beforeEach(async () => {
    world = await serveFake({});
    log = path.join(world.directory, 'out.log');
    writeFileSync(log, `${'x'.repeat(2000)}end\n`);
    world.host.control.addFakeGroup('pets', [{ name: 'cat' }]);
    const cat = world.host.control.process('pets', 'cat');
    cat.stdoutLogPath = log;
    cat.stderrLogPath = path.join(world.directory, 'missing.log');
    world.host.control.activityLogPath = log;
  });

  afterEach(() => world.close());

  function tail(target: string): RawConnection {
    const connection = new RawConnection(world.file);
    connection.write(`GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`);
    return connection;
  }

  it.each(['/logtail/pets:cat', '/logtail/pets:cat/stdout', '/logtail/pets%3Acat', '/mainlogtail'])(
    'B19.1: %s starts 1024 bytes before the end and goes on',
    async (target) => {
      const connection = tail(target);
      const begin = await connection.receive((text) => text.endsWith('end\n\r\n'));
      expect(begin).toMatch(/\r\nContent-Type: text\/plain;charset=utf-8\r\n/);
      expect(begin).toMatch(/\r\nX-Accel-Buffering: no\r\n/);
      expect(begin).toMatch(/\r\nTransfer-Encoding: chunked\r\n/);
      expect(begin.endsWith(`\r\n\r\n400\r\n${'x'.repeat(1020)}end\n\r\n`)).toBe(true);
      appendFileSync(log, 'more\n');
      expect(await connection.receive((text) => text.endsWith('5\r\nmore\n\r\n'))).toBeTruthy();
      connection.socket.destroy();
    },
  );

  it('B19.1: goes on after a rotation and tells of a truncation', async () => {
    const connection = tail('/logtail/pets:cat');
    await connection.receive((text) => text.endsWith('end\n\r\n'));
    renameSync(log, `${log}.1`);
    writeFileSync(log, 'new file\n');
    await connection.receive((text) => text.endsWith('new file\n\r\n'));
    truncateSync(log, 2);
    await connection.receive((text) => text.includes('==> File truncated <==\n'));
    connection.socket.destroy();
  });

  it.each([
    '/logtail/nope',
    '/logtail/pets',
    '/logtail/pets:*',
    '/logtail/pets:cat/stderr',
    '/logtail/pets:cat/other',
    '/logtail',
    '/logtail/',
  ])('B19.1: %s is 404', async (target) => {
    expect((await ask(world.file, 'GET', target)).status).toBe(404);
  });

  it('B19.1: only GET', async () => {
    expect((await ask(world.file, 'POST', '/logtail/pets:cat', { body: 'x' })).status).toBe(400);
    expect((await ask(world.file, 'POST', '/mainlogtail', { body: 'x' })).status).toBe(400);
  });

  it('B19.1: HTTP 1.0 gets the text as it is, and the end of the server ends it', async () => {
    const connection = new RawConnection(world.file);
    connection.write('GET /logtail/pets:cat HTTP/1.0\r\n\r\n');
    await connection.receive((text) => text.endsWith('\r\n\r\n' + 'x'.repeat(1020) + 'end\n'));
    await world.servers.close();
    expect(await connection.untilClosed()).toMatch(/end\n$/);
  });

  it('lets others have their turn while a client catches up', async () => {
    const size = 30_000_000;
    const program = `const socket = require('net').connect(process.argv[1]);
      socket.write('GET /mainlogtail HTTP/1.0\\r\\n\\r\\n');
      let count = 0;
      socket.on('data', (chunk) => {
        if (count === 0) process.stdout.write('following');
        count += chunk.length;
        if (count > ${size}) process.exit();
      });`;
    const client = spawn(process.execPath, ['-e', program, world.file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(client.stdout, 'data');
    appendFileSync(log, Buffer.alloc(size, 'x'));
    const pieces = vi.spyOn(ServerResponse.prototype, 'write');
    let mostOfATurn = 0;
    while (client.exitCode === null) {
      pieces.mockClear();
      await new Promise((resolve) => setImmediate(resolve));
      mostOfATurn = Math.max(mostOfATurn, pieces.mock.calls.length);
    }
    expect(mostOfATurn).toBe(1);
  });

  it('ends a followed log properly when the server closes', async () => {
    const connection = tail('/logtail/pets:cat');
    await connection.receive((text) => text.endsWith('end\n\r\n'));
    await world.servers.close();
    expect(await connection.untilClosed()).toMatch(/\r\n0\r\n\r\n$/);
  });
});
