import { describe, expect, it } from 'vitest';
import { cannedLine, cannedShell, up } from './canned-run.fixture.ts';
import { parseLine } from './run-line.ts';

const calm = up({ getAllProcessInfo: [] });

describe('runShell', () => {
  it('B17: shows the status first, then the prompt', async () => {
    const run = await cannedShell({ answers: calm, input: 'help nosuch\n' });
    expect(run.stdout).toBe('supervisor> *** No help on nosuch\nsupervisor> \n');
    expect(run.calls.map((call) => call.method)).toEqual(['supervisor.getAllProcessInfo']);
  });

  it('B17.17: asks before it ends the daemon', async () => {
    const answers = up({ getAllProcessInfo: [], shutdown: true, restart: true });
    const run = await cannedShell({ answers, input: 'shutdown\nno\nshutdown\nYes\nreload\n\nquit\n' });
    expect(run.stdout).toBe(
      'supervisor> Really shut the remote supervisord process down y/N? ' +
        'supervisor> Really shut the remote supervisord process down y/N? Shut down\n' +
        'supervisor> Really restart the remote supervisord process y/N? supervisor> \n',
    );
    expect(run.calls.map((call) => call.method)).toEqual([
      'supervisor.getAllProcessInfo',
      'supervisor.shutdown',
    ]);
  });

  it('B17.2: asks for a password, and uses it from then on', async () => {
    const seen: (string | undefined)[] = [];
    const run = await cannedShell({
      answers: {
        ...calm,
        intercept: ({ headers }, response) => {
          seen.push(headers.authorization);
          if (headers.authorization !== undefined) {
            return false;
          }
          response.writeHead(401).end();
          return true;
        },
      },
      input: 'me\nse:cret\nquit\n',
    });
    expect(run.stdout).toBe('Server requires authentication\nUsername:\nsupervisor> \n');
    expect(run.stderr).toBe('Warning: Password input may be echoed.\nPassword:\n');
    const basic = `Basic ${Buffer.from('me:se:cret').toString('base64')}`;
    expect(seen).toEqual([undefined, basic, basic]);
  });

  it('B17.2: gives up where nobody answers', async () => {
    const run = await cannedShell({
      answers: {
        intercept: (_, response) => {
          response.writeHead(401).end();
          return true;
        },
      },
    });
    expect(run.stdout).toMatch(
      /^Server requires authentication\nUsername:error: <class 'EOFError'>, EOF when reading a line: file: .*\nsupervisor> \n$/,
    );
  });
});

describe('runLine', () => {
  it('B17.2: outside the shell a missing password is an error, told twice', async () => {
    const run = await cannedLine('reread', {
      answers: {
        intercept: (_, response) => {
          response.writeHead(401).end();
          return true;
        },
      },
    });
    expect(run.stdout).toMatch(
      /^Server requires authentication\nerror: <class 'xmlrpc.client.ProtocolError'>, <ProtocolError for 127.0.0.1\/RPC2: 401 Unauthorized>: file: \S+ line: \d+\n$/,
    );
    expect(run.exitStatus).toBe(1);
  });

  it('B17.4: unknown commands', async () => {
    expect(await cannedLine(' nosuch  thing ')).toMatchObject({
      stdout: '*** Unknown syntax: nosuch  thing\n',
      exitStatus: 1,
    });
    expect(await cannedLine('!ls')).toMatchObject({ stdout: '*** Unknown syntax: !ls\n' });
    expect(await cannedLine('constructor')).toMatchObject({ stdout: '*** Unknown syntax: constructor\n' });
    expect(await cannedLine('   ')).toMatchObject({ stdout: '', exitStatus: 0 });
  });
});

describe('parseLine', () => {
  it.each([
    ['status', 'status', ''],
    ['  tail -100  name ', 'tail', '-100  name'],
    ['?start', 'help', 'start'],
    ['? start', 'help', 'start'],
    ['status-x', 'status', '-x'],
    ['-x', '', '-x'],
    ['', '', ''],
  ])('B12.7: %j', (line, name, argument) => {
    expect(parseLine(line)).toMatchObject({ name, argument });
  });
});
