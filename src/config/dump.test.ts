import { describe, expect, it } from 'vitest';

import { dumpConfig } from './dump.ts';
import { loadSettings } from './load.ts';
import { configFile, load, worldWith } from './world.fixture.ts';

describe('--dump-config', () => {
  it('shows whole numbers of any size, and no passwords', () => {
    const dump = dumpConfig(
      load(
        '[supervisord]\n[inet_http_server]\nport=1\nusername=u\npassword=hidden\n[program:p]\ncommand=x\nstdout_logfile_maxbytes=123456789012345678901234567890\nstderr_logfile_maxbytes=9007199254740993KB\n',
      ),
    );
    expect(dump.exitCode).toBe(0);
    expect(dump.text).toContain('"stdout_logfile_maxbytes": 123456789012345678901234567890,');
    expect(dump.text).toContain('"stderr_logfile_maxbytes": 9223372036854776832,');
    expect(dump.text).not.toContain('hidden');
    expect(JSON.parse(dump.text)).toMatchObject({
      ok: true,
      http_servers: [{ username: 'u', has_password: true }],
    });
  });

  it('shows users without a number by their name', () => {
    const world = worldWith({ [configFile]: '[supervisord]\n[program:p]\ncommand=x\nuser=web\n' });
    const dump = dumpConfig(loadSettings({ configFile, world }), { labelOf: world.labelOf });
    expect(JSON.parse(dump.text)).toMatchObject({ groups: [{ processes: [{ uid: 'web' }] }] });
  });

  it('tells on request where each value was written, and masks what looks like a secret', () => {
    const text = `[supervisord]
loglevel=debug
environment=API_TOKEN="t0p",PLAIN="seen"
[rpcinterface:own]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
signing_key=k3y
hook=https://me:pw@host/
colour=green
[program:p]
command=x
priority=5
environment=BROKER="redis://me:pw@host/0"
`;
    const dump = dumpConfig(loadSettings({ configFile, world: worldWith({ [configFile]: text }) }), {
      origins: true,
      secrets: 'masked',
      overrides: { logLevel: 'info' },
    });
    expect(dump.text).not.toMatch(/t0p|:pw@|k3y/);
    expect(JSON.parse(dump.text)).toMatchObject({
      supervisord: {
        environment: { API_TOKEN: '********', PLAIN: 'seen' },
        origins: {
          environment: { file: configFile, line: 3 },
          // The command line wins over the file.
          loglevel: { file: null, line: null },
        },
      },
      rpcinterfaces: [
        { options: { signing_key: '********', hook: 'https://me:********@host/', colour: 'green' } },
      ],
      groups: [
        {
          processes: [
            {
              section: 'program:p',
              environment: { BROKER: 'redis://me:********@host/0' },
              origins: { command: { file: configFile, line: 10 }, priority: { file: configFile, line: 11 } },
            },
          ],
        },
      ],
    });
    expect(dump.text).not.toContain('"startsecs": {');
  });

  it('shows the first error, with what would have been logged until then', () => {
    const dump = dumpConfig(load('[supervisord]\nminfds=x\nminprocs=y\n[include]\nfiles=no.ini\n'));
    expect(dump.exitCode).toBe(2);
    expect(JSON.parse(dump.text)).toEqual({
      ok: false,
      error: "invalid literal for int() with base 10: 'x'",
      warnings: ['No file matches via include "/etc/app/no.ini"'],
    });
  });
});
