import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConnectionError, FaultError, UnauthorizedError, UntrustedServerError } from '../client/errors.ts';
import { cannedLine } from './canned-run.fixture.ts';
import { connectionHint } from './connection-hint.ts';
import { plainLook } from './look.ts';

let directory = '';
let server: Server | null = null;

beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'sv-'));
});

afterEach(() => {
  server?.close();
  server = null;
  rmSync(directory, { recursive: true, force: true });
});

const inFolder = (name: string): string => path.join(directory, name);

function hint(errno: string, overrides: Partial<Parameters<typeof connectionHint>[1]> = {}): string {
  const configFile = inFolder('s.conf');
  writeFileSync(configFile, '[supervisord]\npidfile=%(here)s/s.pid\n[supervisorctl]\n');
  const serverUrl = `unix://${inFolder('s.sock')}`;
  const error = new ConnectionError(serverUrl, errno, { hungUp: false });
  return connectionHint(error, { serverUrl, origin: { kind: 'file' }, configFile, ...overrides })
    .join('\n')
    .replaceAll(directory, 'DIR');
}

describe('connectionHint', () => {
  it('says what was tried, that there is no daemon, and that there is no socket', () => {
    expect(hint('ENOENT')).toBe(
      [
        '  tried unix://DIR/s.sock, from DIR/s.conf',
        '  supervisord does not seem to run: there is no pid in DIR/s.pid',
        '  DIR/s.sock does not exist',
      ].join('\n'),
    );
  });

  it('does not take any process for the daemon', () => {
    writeFileSync(inFolder('s.pid'), '1\n');
    expect(hint('ENOENT')).toContain('supervisord does not run: no process of that name has pid 1');
  });

  it('says who may open the socket', async () => {
    const listening = createServer();
    server = listening;
    await new Promise<void>((resolve) => {
      listening.listen(inFolder('s.sock'), resolve);
    });
    chmodSync(inFolder('s.sock'), 0o700);
    const { username } = os.userInfo();
    expect(hint('ECONNREFUSED')).toMatch(
      new RegExp(`DIR/s.sock belongs to ${username}:\\S+ with mode 0700: user ${username} may open it$`),
    );
  });

  it('says nothing of the file about a server that was named', () => {
    const origin = { kind: 'other', name: '-s' } as const;
    expect(hint('ECONNREFUSED', { serverUrl: 'http://127.0.0.1:9', origin })).toBe(
      '  tried http://127.0.0.1:9, from -s',
    );
  });

  it('says that a password is asked for, and leaves faults alone', () => {
    const tried = { serverUrl: 'http://h:1', origin: { kind: 'file' }, configFile: null } as const;
    expect(connectionHint(new UnauthorizedError('/RPC2', ''), tried)[1]).toContain('-u and -p');
    expect(connectionHint(new UntrustedServerError('/s', null), tried)[1]).toContain('sent to root');
    expect(connectionHint(new FaultError('x', 10, 'BAD_NAME'), tried)).toEqual([]);
  });
});

describe('hints', () => {
  const refusing = {
    intercept: (_: unknown, response: { writeHead: (status: number) => { end: () => void } }) => {
      response.writeHead(401).end();
      return true;
    },
  };

  it('B17.2: stand on stderr, for people only', async () => {
    const machine = await cannedLine('status', { answers: refusing });
    const person = await cannedLine('status', { answers: refusing, look: { ...plainLook, hints: true } });
    expect(machine.stderr).toBe('');
    expect(person.stderr).toMatch(/^ {2}tried URL, from the defaults\n {2}supervisord runs, /);
    expect(person.stdout.replace(/line: \d+/, '')).toBe(machine.stdout.replace(/line: \d+/, ''));
  });
});
