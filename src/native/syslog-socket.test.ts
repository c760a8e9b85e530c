import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadBinding } from './index.ts';
import { SyslogSocket, syslogHeader } from './syslog-socket.ts';

/** Node has no datagram sockets in the file system; this one prints what it receives as JSON lines. */
const receiver = `
import json, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print('ready', flush=True)
while sys.stdin.readline():
    print(json.dumps(s.recv(65536).decode()), flush=True)
`;
const hasPython = spawnSync('python3', ['-c', '']).status === 0;

describe('syslogHeader', () => {
  it('B16.8: is that of libc: priority, local time with a padded day, identity', () => {
    expect(syslogHeader(new Date(2026, 10, 3, 4, 5, 6), 'supervisord')).toBe(
      '<14>Nov  3 04:05:06 supervisord: ',
    );
    expect(syslogHeader(new Date(2026, 0, 23, 14, 15, 16), 'x')).toBe('<14>Jan 23 14:15:16 x: ');
  });
});

describe.skipIf(!hasPython)('SyslogSocket (needs python3 as the receiver)', () => {
  let folder = '';
  let socketPath = '';
  const receivers: ChildProcess[] = [];

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'sv-'));
    socketPath = path.join(folder, 'log');
  });

  afterEach(() => {
    receivers.splice(0).forEach((child) => child.kill('SIGKILL'));
    rmSync(folder, { recursive: true });
  });

  /** Starts a receiver; `next` asks it for one message. */
  async function startReceiver() {
    const child = spawn('python3', ['-c', receiver, socketPath], { stdio: ['pipe', 'pipe', 'inherit'] });
    receivers.push(child);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    await lines.next();
    const next = async () => {
      child.stdin.write('\n');
      return String((await lines.next()).value);
    };
    return { child, next };
  }

  it('sends one datagram a message, and connects again after a restart of the receiver', async () => {
    const socket = new SyslogSocket(loadBinding(), 'test', socketPath);
    const first = await startReceiver();
    expect(socket.send(Buffer.from('one'))).toBeNull();
    expect(await first.next()).toMatch(/^"<14>\w{3} [ \d]\d \d\d:\d\d:\d\d test: one"$/);
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    rmSync(socketPath);
    expect(socket.send(Buffer.from('lost'))).toBe('ENOENT');
    const second = await startReceiver();
    expect(socket.send(Buffer.from('two'))).toBeNull();
    expect(await second.next()).toContain('test: two');
    socket.close();
  });

  it('answers EAGAIN instead of waiting for a receiver that is behind', async () => {
    await startReceiver();
    const socket = new SyslogSocket(loadBinding(), 'test', socketPath);
    const answers = Array.from({ length: 10_000 }, () => socket.send(Buffer.alloc(1024)));
    expect(answers[0]).toBeNull();
    expect(answers.at(-1)).toBe('EAGAIN');
    socket.close();
  });
});

describe('SyslogSocket without a receiver', () => {
  it('names the errno, and works on', () => {
    const socket = new SyslogSocket(loadBinding(), 'test', '/no/such/log');
    expect(socket.send(Buffer.from('x'))).toBe('ENOENT');
    expect(socket.send(Buffer.from('x'))).toBe('ENOENT');
    expect(new SyslogSocket(loadBinding(), 'test', `/${'x'.repeat(200)}`).send(Buffer.from('x'))).toBe(
      'ENAMETOOLONG',
    );
  });
});
