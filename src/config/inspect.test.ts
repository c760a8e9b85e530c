import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { inspectConfig, type Inspection, type InspectionResult } from './inspect.ts';
import { nodeWorld } from './node-world.ts';
import { userFiles } from './user-files.ts';

const usual: Inspection = {
  mode: 'dump-config',
  configFile: '/srv/app/supervisord.conf',
  overrides: {},
  origins: false,
  showSecrets: false,
  json: false,
  strict: false,
  assume: null,
};

describe('inspecting with an assumed machine', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sv-'));
    mkdirSync(join(folder, 'root/srv/app/conf.d'), { recursive: true });
    const text = '[supervisord]\nuser=%(ENV_WHO)s\n[include]\nfiles=conf.d/*.ini\n';
    writeFileSync(join(folder, 'root/srv/app/supervisord.conf'), text);
    writeFileSync(
      join(folder, 'root/srv/app/conf.d/p.ini'),
      '[program:p]\ncommand=%(host_node_name)s\nstdout_logfile=~/x\n',
    );
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  function inspect(assumptions: unknown, inspection: Partial<Inspection> = {}): InspectionResult {
    const assume = join(folder, 'world.json');
    writeFileSync(assume, typeof assumptions === 'string' ? assumptions : JSON.stringify(assumptions));
    return inspectConfig(
      { ...usual, assume, ...inspection },
      nodeWorld(userFiles()),
      '/none/bin/supervisord',
    );
  }

  it('reads files below the root, and asks nothing of the real machine', () => {
    const result = inspect({
      env: { WHO: 'web', HOME: '/h' },
      cwd: '/srv/app',
      hostname: 'elsewhere',
      tmpdir: '/var/tmp',
      uid: 5,
      root: join(folder, 'root'),
    });
    expect(result.ok ? JSON.parse(result.stdout) : result).toMatchObject({
      ok: true,
      infos: ['Included extra file "/srv/app/conf.d/p.ini" during parsing'],
      supervisord: {
        uid: 'web',
        gid: 'web',
        childlogdir: '/var/tmp',
        logfile_path: '/srv/app/supervisord.log',
      },
      groups: [{ processes: [{ command: 'elsewhere', stdout_logfile: '/h/x' }] }],
    });
  });

  it('checks, with the exit code of the check', () => {
    const result = inspect({ env: {}, root: join(folder, 'root') }, { mode: 'check' });
    expect(result).toMatchObject({ ok: true, exitCode: 2 });
  });

  it('searches a configuration when none is named', () => {
    const assumptions = { env: { WHO: 'root' }, cwd: '/srv/app', root: join(folder, 'root') };
    expect(inspect(assumptions, { configFile: null })).toMatchObject({ ok: true, exitCode: 0 });
    expect(inspect({ ...assumptions, cwd: '/' }, { configFile: null })).toMatchObject({ ok: false });
  });

  it.each([
    ['{', /^cannot read .*world\.json: /],
    ['[]', /^cannot use .*: expected an object$/],
    ['{"environ":{}}', /^cannot use .*: unknown field environ, expected env, cwd, /],
    ['{"uid":"x"}', /^cannot use .*: expected uid to be a whole number$/],
    ['{"env":{"A":1}}', /^cannot use .*: expected env to be an object of texts$/],
  ])('%s describes no machine', (text, message) => {
    const result = inspect(text);
    expect(result.ok ? '' : result.message).toMatch(message);
  });
});
