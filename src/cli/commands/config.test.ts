import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cannedLine, up } from '../canned-run.fixture.ts';

const directory = mkdtempSync(path.join(os.tmpdir(), 'sv-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const configuration = {
  supervisord: {
    loglevel: 10,
    loglevel_name: 'debug',
    umask: 18,
    section: 'supervisord',
    origins: { loglevel_name: { file: null, line: null }, umask: { file: '/etc/s.conf', line: 2 } },
  },
  http_servers: [{ file: '/run/s.sock', has_password: true, section: 'unix_http_server', origins: {} }],
  rpcinterfaces: [],
  groups: [
    {
      name: 'web',
      processes: [
        {
          name: 'web_0',
          command: 'serve',
          directory: null,
          stopsignal: 1,
          exitcodes: [0, 2],
          environment: { A: '1' },
          section: 'program:web',
          origins: { command: { file: '/etc/s.conf', line: 9 } },
        },
      ],
    },
  ],
};

function answering(value: unknown) {
  return {
    ...up(),
    streams: {
      '/api/v1/config?secrets=masked': (response: import('node:http').ServerResponse) =>
        void response.end(JSON.stringify(value)),
    },
  };
}

/** Lines without the blanks that align them. */
function squeeze(text: string): string[] {
  return text.split('\n').map((line) => line.replaceAll(/ +/g, ' '));
}

describe('config', () => {
  it('shows the settings in force as a file would say them, with their places', async () => {
    const { stdout, exitStatus } = await cannedLine('config', { answers: answering(configuration) });
    expect(exitStatus).toBe(0);
    expect(squeeze(stdout)).toEqual([
      '[supervisord]',
      'loglevel=debug ; command line',
      'umask=022 ; /etc/s.conf:2',
      '',
      '[unix_http_server]',
      'file=/run/s.sock ; default',
      'password=******** ; default',
      '',
      '[program:web] ; web:web_0',
      'command=serve ; /etc/s.conf:9',
      'stopsignal=HUP ; default',
      'exitcodes=0,2 ; default',
      'environment=A="1" ; default',
      '',
    ]);
  });

  it('shows chosen processes only, and complains of names that are unknown', async () => {
    const run = await cannedLine('config web:* nobody', { answers: answering(configuration) });
    expect(squeeze(run.stdout).slice(0, 3)).toEqual([
      'nobody: ERROR (no such process)',
      '[program:web] ; web:web_0',
      'command=serve ; /etc/s.conf:9',
    ]);
    expect(run.stdout).not.toContain('[supervisord]');
    expect(run.exitStatus).toBe(1);
  });

  it('says so when the daemon is one that cannot tell', async () => {
    const { stdout, exitStatus } = await cannedLine('config');
    expect([stdout, exitStatus]).toEqual(['ERROR: this supervisord does not tell its configuration\n', 3]);
  });

  it('says where secrets are shown, when they are refused', async () => {
    const answers = {
      ...up(),
      streams: {
        '/api/v1/config?secrets=shown': (response: import('node:http').ServerResponse) =>
          void response.writeHead(403).end(),
      },
    };
    const { stdout, exitStatus } = await cannedLine('config --show-secrets', { answers });
    expect([stdout, exitStatus]).toEqual(['ERROR: supervisord shows secrets over its unix socket only\n', 4]);
  });

  it('reports an answer that makes no sense', async () => {
    const { stdout, exitStatus } = await cannedLine('config', { answers: answering({ groups: 1 }) });
    expect(stdout).toContain('expected an object');
    expect(exitStatus).toBe(1);
  });

  it('refuses an option it does not know', async () => {
    expect((await cannedLine('config --all')).exitStatus).toBe(2);
  });
});

describe('check', () => {
  it('lists the problems of the configuration file without asking a daemon', async () => {
    const configFile = path.join(directory, 's.conf');
    writeFileSync(configFile, '[supervisord]\nlogfle=/tmp/x\n');
    const run = await cannedLine('check', { configFile });
    expect(run.stdout).toContain(`${configFile}:2: warning: option logfle of [supervisord] is unknown`);
    expect([run.exitStatus, run.calls]).toEqual([0, []]);
    expect((await cannedLine('check --strict', { configFile })).exitStatus).toBe(1);
    const json = await cannedLine('check --json', { configFile });
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: true });
  });

  it('exits with 2 for errors and without a file', async () => {
    const configFile = path.join(directory, 'bad.conf');
    writeFileSync(configFile, '[supervisord]\nminfds=many\n');
    expect((await cannedLine('check', { configFile })).exitStatus).toBe(2);
    expect((await cannedLine('check')).exitStatus).toBe(2);
  });
});
