import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { takeLauncherFacts } from './launcher.ts';

const launcher = path.join(import.meta.dirname, '../../bin/supervisord');
const folder = mkdtempSync(path.join(os.tmpdir(), 'sv-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What Node is given by the launcher's first line, run by a shell in place of `/bin/sh`. */
function environmentBehind(shell: readonly string[], env: Readonly<Record<string, string>>) {
  const script = path.join(folder, 'supervisord.mjs');
  const [, line] = readFileSync(launcher, 'utf8').split('\n');
  writeFileSync(script, `#!/bin/sh\n${line}\nprocess.stdout.write(JSON.stringify(process.env));\n`);
  chmodSync(script, 0o755);
  const [file = '', ...args] = shell;
  const limited = ['-c', 'ulimit -Sn 500; exec env -i "$@"', 'sh'];
  const given = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const { stdout } = spawnSync('/bin/sh', [...limited, ...given, file, ...args, script], {
    encoding: 'utf8',
    cwd: folder,
  });
  return JSON.parse(stdout) as NodeJS.ProcessEnv;
}

const bashAsSh = path.join(folder, 'sh');
symlinkSync('/bin/bash', bashAsSh);
const shells = [
  ['sh', ['/bin/sh'], '/bin/sh'],
  ['bash as sh', [bashAsSh], '/bin/bash'],
  ['busybox', ['/bin/busybox', 'sh'], '/bin/busybox'],
] as const;

describe.each(shells)('the launcher, run by %s', (_name, shell, needed) => {
  const PATH = `${path.dirname(process.execPath)}:/usr/bin:/bin`;

  it.skipIf(!existsSync(needed))(`B7.13: adds nothing to the environment (needs ${needed})`, () => {
    const env = environmentBehind(shell, { PATH, A: 'one two' });
    expect(takeLauncherFacts(env)).toBe(500);
    expect(env).toEqual({ PATH, A: 'one two' });
  });

  it.skipIf(!existsSync(needed))(`B7.13: changes nothing in it (needs ${needed})`, () => {
    const given = { PATH, PWD: '/not here', OLDPWD: '/o', SHLVL: '7', _: '/x', MALLOC_ARENA_MAX: '3' };
    const env = environmentBehind(shell, given);
    takeLauncherFacts(env);
    expect(env).toEqual(given);
  });
});

describe('takeLauncherFacts', () => {
  it('knows no limit as one, and none without a launcher', () => {
    expect(takeLauncherFacts({ SUPERVISORD_STARTED: 'unlimited' })).toBe(Number.POSITIVE_INFINITY);
    const env = { PWD: '/home' };
    expect(takeLauncherFacts(env)).toBeNull();
    expect(env).toEqual({ PWD: '/home' });
  });
});
