/** The hash of a password for a server, from the command that makes it to the configuration that has it. */
import { expect } from 'vitest';

import { writeConfig } from '../../helpers/config.ts';
import { ours } from '../../helpers/flavours.ts';
import { runProgram } from '../../helpers/run-program.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { verifyPassword } from '../../../src/http/access/password.ts';

scenarioTest('--hash-password prints what --check takes behind password=', async ({ sandbox }) => {
  const run = (args: readonly string[], input = '') =>
    runProgram(ours.supervisord, args, { env: sandbox.env, cwd: sandbox.directory, input });
  const hashed = await run(['--hash-password'], 'pass word\n');
  expect(hashed).toMatchObject({ stderr: '', code: 0 });
  const hash = hashed.stdout.trimEnd();
  expect(hashed.stdout).toMatch(/^\{SCRYPT\}16384,8,5\$[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+\n$/);
  expect(await verifyPassword('pass word', hash)).toBe(true);

  const nothing = await run(['--hash-password']);
  expect(nothing).toMatchObject({ stdout: '', code: 2 });
  expect(nothing.stderr).toMatch(/^Error: there is no password\n/);

  const server = (password: string): string =>
    `[inet_http_server]\nport=127.0.0.1:9001\nusername=u\npassword=${password}\n`;
  const { configFile } = writeConfig(sandbox, server(hash));
  expect(await run(['--check', '-c', configFile])).toMatchObject({ stderr: '', code: 0 });
  writeConfig(sandbox, server(hash.slice(0, -20)));
  const broken = await run(['--check', '-c', configFile]);
  expect(broken.code).toBe(2);
  expect(broken.stdout).toMatch(
    /supervisord\.conf:\d+: error: not a hash of a password that begins with \{SCRYPT\}/,
  );
  expect(broken.stdout).not.toContain(hash.slice(0, -20));
});
