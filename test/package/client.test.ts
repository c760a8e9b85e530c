/** The package as somebody else gets it: packed, installed without a network, compiled against, and used on a running daemon. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';

import { expect } from 'vitest';

import { writeConfig } from '../helpers/config.ts';
import { startDaemon } from '../helpers/daemon.ts';
import { ours, projectRoot } from '../helpers/flavours.ts';
import { runProgram } from '../helpers/run-program.ts';
import type { Sandbox } from '../helpers/sandbox.ts';
import { scenarioTest } from '../helpers/scenario-test.ts';

const program = `import { connect, faultCodes, FaultError, type RpcMethods } from 'supervisord-ts';

const client = connect({ serverUrl: process.argv[2] ?? '' });
try {
  const { statename } = await client.call('supervisor.getState', []);
  const started: boolean = await client.startProcess('web');
  const all: RpcMethods['supervisor.getAllProcessInfo']['result'] = await client.call('supervisor.getAllProcessInfo', []);
  const refusal = await client.startProcess('nobody').catch((error: unknown) => error);
  const code = refusal instanceof FaultError ? refusal.faultCode : 0;
  const usage = await client.getUsage();
  console.log(JSON.stringify({
    statename,
    started,
    names: all.map(({ name }) => name),
    badName: code === faultCodes.BAD_NAME,
    used: (usage?.get('web')?.memoryBytes ?? 0) > 0,
  }));
} finally {
  client.close();
}
`;

/** Runs a tool that is done at once; returns what it said, or throws that. */
function run(sandbox: Sandbox, command: string, args: readonly string[], cwd = sandbox.directory): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, HOME: sandbox.directory, npm_config_update_notifier: 'false' },
  });
  if (status !== 0) {
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
  }
  return stdout;
}

scenarioTest('is packed, installed, compiled against and used on a daemon', async ({ sandbox }) => {
  run(sandbox, 'npm', ['pack', '--ignore-scripts', '--pack-destination', sandbox.directory], projectRoot);
  const [archive = ''] = readdirSync(sandbox.directory).filter((name) => name.endsWith('.tgz'));
  sandbox.write('package.json', '{"type":"module","private":true}');
  const packed = run(sandbox, 'tar', ['-tzf', archive]).split('\n');
  expect(packed).toEqual(
    expect.arrayContaining([
      'package/dist/THIRD_PARTY_NOTICES.txt',
      'package/dist/web/THIRD_PARTY_NOTICES.txt',
    ]),
  );
  expect(packed.filter((file) => file.endsWith('.cache'))).toEqual([]);
  run(sandbox, 'npm', [
    'install',
    '--offline',
    '--foreground-scripts',
    '--no-audit',
    '--no-fund',
    `./${archive}`,
  ]);
  expect(existsSync(sandbox.path('node_modules/supervisord-ts/dist/supervisorctl.js.cache'))).toBe(true);
  mkdirSync(sandbox.path('node_modules/@types'), { recursive: true });
  symlinkSync(path.join(projectRoot, 'node_modules/@types/node'), sandbox.path('node_modules/@types/node'));
  sandbox.write('program.ts', program);
  sandbox.write('wrong.ts', program.replace("'supervisor.getState', []", "'supervisor.getState', [5]"));
  const tsc = path.join(projectRoot, 'node_modules/typescript/bin/tsc');
  const options = ['--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node'];
  run(sandbox, process.execPath, [tsc, ...options, 'program.ts']);
  expect(() => run(sandbox, process.execPath, [tsc, '--noEmit', ...options, 'wrong.ts'])).toThrow(
    'is not assignable',
  );

  const config = writeConfig(sandbox, '[program:web]\ncommand=/bin/cat\nautostart=false\nstartsecs=0\n');
  await startDaemon(sandbox, ours, config);
  const url = `unix://${config.api.socketPath}`;
  const { stdout, stderr } = await runProgram(process.execPath, ['program.js', url], {
    env: sandbox.env,
    cwd: sandbox.directory,
  });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({
    statename: 'RUNNING',
    started: true,
    names: ['web'],
    badName: true,
    used: true,
  });
});
