/** Plugins in a running daemon: methods, event types and judges of answers from ES modules. */
import { cpSync } from 'node:fs';
import path from 'node:path';

import { describe, expect } from 'vitest';

import { writeConfig } from '../../helpers/config.ts';
import { httpGet } from '../../helpers/http.ts';
import { runCtl } from '../../helpers/ctl.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { ours, projectRoot } from '../../helpers/flavours.ts';
import { runProgram } from '../../helpers/run-program.ts';
import type { Sandbox } from '../../helpers/sandbox.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { callRpc } from '../../helpers/xml-rpc.ts';
import { Supervised } from '../lifecycle/supervised.ts';

const examples = path.join(projectRoot, 'examples/plugins');

/** An interface of one method, which does what the text says. */
function pluginFile(sandbox: Sandbox, name: string, body: string, before = ''): void {
  sandbox.write(
    name,
    `${before}
export const make = (supervisor, options) => ({
  methods: { run: { summary: 'Runs.', result: { type: 'string', summary: 'It.' }, async handle() { ${body} } } },
});
`,
  );
}

/** The section of an interface called `own`. */
function section(plugin: string): string {
  return `[rpcinterface:own]\nsupervisor.rpcinterface_factory=${plugin}\ngreeting=hello\n`;
}

const sleeper = '[program:web]\ncommand=/bin/sleep 1000\nprocess_name=web_%(process_num)s\nnumprocs=2\n';

/** Tries to start a daemon in vain. */
async function refused(sandbox: Sandbox, sections: string): Promise<string> {
  const { configFile } = writeConfig(sandbox, sections);
  const { code, stderr } = await runProgram(ours.supervisord, ['-n', '-c', configFile], {
    env: sandbox.env,
    cwd: sandbox.directory,
  });
  expect(code).toBe(2);
  return stderr.replaceAll(sandbox.directory, 'HERE');
}

describe.skipIf(ours.supervisordMissing !== null)('plugins', () => {
  scenarioTest('B11.3, B20.15: those of the examples work together', async ({ sandbox }) => {
    for (const file of ['rolling.mjs', 'judge.mjs', 'json-listener.mjs']) {
      cpSync(path.join(examples, file), sandbox.path(file));
    }
    const supervised = await Supervised.start(
      sandbox,
      ours,
      `[rpcinterface:rolling]
supervisor.rpcinterface_factory=./rolling.mjs:makeRolling
[eventlistener:journal]
command=${process.execPath} %(here)s/json-listener.mjs
events=ROLLING_RESTART_FINISHED
result_handler=./judge.mjs:judgeJson
stderr_logfile=%(here)s/journal.log
${sleeper}startsecs=0
`,
      'loglevel=debug',
    );
    await supervised.logged(/journal: ACKNOWLEDGED -> READY/);
    const pid = (await supervised.info('web:web_0')).pid;
    const restart = (group: string) => callRpc(supervised.config.api, 'rolling.restart', [group]);
    expect(await restart('web')).toEqual(['web:web_0', 'web:web_1']);
    expect((await supervised.info('web:web_0')).pid).not.toBe(pid);
    await expect(restart('none')).rejects.toThrow('fault 10: BAD_NAME: none');
    await supervised.logged(/journal: event was processed/);
    expect(sandbox.read('journal.log')).toBe('groupname:web processes:2\n');
    const timeline = await httpGet(supervised.config.api, '/api/v1/timeline');
    const { entries } = JSON.parse(timeline.body) as {
      entries: readonly { text: string; user: string | null }[];
    };
    const told = entries.filter(({ user, text }) => user === 'rolling' || text === 'restart');
    expect(told.map(({ text }) => text)).toEqual(
      expect.arrayContaining(['restart', 'stopProcess web:web_0']),
    );
    const names = await callRpc(supervised.config.api, 'system.listMethods');
    expect(names).toContain('rolling.restart');
  });

  scenarioTest('B11.4: those of supervisorctl add commands, help and headings', async ({ sandbox }) => {
    for (const file of ['rolling.mjs', 'commands.mjs']) {
      cpSync(path.join(examples, file), sandbox.path(file));
    }
    const supervised = await Supervised.start(
      sandbox,
      ours,
      `[rpcinterface:rolling]
supervisor.rpcinterface_factory=./rolling.mjs:makeRolling
[ctlplugin:rolling]
supervisor.ctl_factory=./commands.mjs:makeCommands
[program:broken]
command=/no/such/file
startretries=0
${sleeper}startsecs=0
`,
    );
    const { configFile } = supervised.config;
    const ctl = (...args: readonly string[]) => runCtl(sandbox, ours, args, { configFile });
    expect(await ctl('rolling', 'web')).toMatchObject({
      code: 0,
      stdout: 'web:web_0: restarted\nweb:web_1: restarted\n',
    });
    await supervised.logged(/gave up: broken/);
    expect(await ctl('failing')).toMatchObject({
      code: 3,
      stdout: "broken:broken FATAL can't find command '/no/such/file'\n",
    });
    expect((await ctl('help')).stdout).toContain(`rolling commands (type help <topic>):
=====================================
failing  rolling
`);
    expect((await ctl('help', 'failing')).stdout).toBe(
      'failing\tShow the processes that should run and do not\n',
    );
    expect(await ctl('rolling', 'none')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("<Fault 10: 'BAD_NAME: none'>"),
    });
    const typed = await runCtl(sandbox, ours, [], { configFile, input: 'rolling\nhelp rolling\n' });
    expect(typed.stdout).toContain('Error: rolling requires the name of a group\n');
    expect(typed.stdout).toContain('rolling <group>\tRestart the processes of a group');
    await supervised.end('SIGTERM');
    expect(await ctl('failing')).toMatchObject({ code: 7, stdout: expect.stringContaining('no such file') });
  });

  scenarioTest('what a method throws ends its call, and nothing else', async ({ sandbox }) => {
    pluginFile(sandbox, 'own.mjs', 'if (options.greeting === "hello") { null.x; }');
    const supervised = await Supervised.start(sandbox, ours, section('./own.mjs:make') + sleeper);
    await expect(callRpc(supervised.config.api, 'own.run')).rejects.toThrow(
      'fault 30: FAILED: own.run: Cannot',
    );
    await supervised.logged(/ERRO XML-RPC method own\.run\(\) of a plugin raised [^]*own\.mjs:3/);
    await supervised.running('web_0');
  });

  scenarioTest('B11.3: without the stock interface its methods are unknown', async ({ sandbox }) => {
    pluginFile(sandbox, 'own.mjs', 'return supervisor.namespace;');
    const configFile = sandbox.write(
      'only.conf',
      `[supervisord]
logfile=%(here)s/supervisord.log
pidfile=%(here)s/supervisord.pid
[unix_http_server]
file=%(here)s/supervisor.sock
${section('./own.mjs:make')}`,
    );
    await startDaemon(sandbox, ours, { configFile });
    const api = { socketPath: sandbox.path('supervisor.sock') };
    expect(await callRpc(api, 'own.run')).toBe('own');
    await expect(callRpc(api, 'supervisor.getState')).rejects.toThrow('fault 1: UNKNOWN_METHOD');
  });

  scenarioTest('a plugin that is not to be had is told with its place', async ({ sandbox }) => {
    const python = await refused(sandbox, section('superlance.memmon:make'));
    const problem = `superlance.memmon:make cannot be resolved within [rpcinterface:own]: No module named 'superlance'`;
    expect(python).toContain(`Error: ${problem}\nHERE/supervisord.conf:17: error: ${problem}; expected `);
    expect(python).toContain(
      'expected supervisor.rpcinterface_factory to be a plugin that comes with the program, or a function of an ' +
        'ES module as ./file.mjs:name or package:name; Python plugins cannot be loaded',
    );
    pluginFile(sandbox, 'own.mjs', '', 'throw new Error("no luck");');
    expect(await refused(sandbox, section('./own.mjs:make'))).toContain(
      'cannot load HERE/own.mjs: Error: no luck (file://HERE/own.mjs:1:7)',
    );
    sandbox.write('bad.mjs', 'export const make = () => { throw new Error("not made"); };');
    expect(await refused(sandbox, section('./bad.mjs:make'))).toMatch(
      /^Error: Could not make own rpc interface: \.\/bad\.mjs:make threw Error: not made\n/,
    );
  });

  scenarioTest('supervisorctl tells the place of a plugin that is not to be had', async ({ sandbox }) => {
    const { configFile } = writeConfig(
      sandbox,
      '[ctlplugin:quick]\nsupervisor.ctl_factory=supervisor_quick:make\n',
    );
    const { code, stderr } = await runCtl(sandbox, ours, ['status'], { configFile });
    expect(code).toBe(2);
    expect(stderr).toContain(`${configFile}:17: error: supervisor_quick:make cannot be resolved`);
    expect(stderr).toContain('expected supervisor.ctl_factory to be a plugin');
    expect(stderr).toContain('Python plugins cannot be loaded');
  });

  scenarioTest('a broken plugin refuses reread and restart, and changes nothing', async ({ sandbox }) => {
    sandbox.write('included/judge.mjs', 'export const judge = () => "accepted";');
    const supervised = await Supervised.start(sandbox, ours, sleeper);
    await supervised.running('web_0', 'web_1');
    const listener = (plugin: string) => `[eventlistener:ear]
command=/bin/cat
events=TICK_5
result_handler=${plugin}
`;
    sandbox.write('included/ear.conf', listener('./none.mjs:judge'));
    writeConfig(sandbox, `[include]\nfiles=included/*.conf\n`);
    const reason = `./none.mjs:judge cannot be resolved within [eventlistener:ear]: there is no file ${sandbox.path('included/none.mjs')}`;
    await expect(supervised.rpc('reloadConfig')).rejects.toThrow(`fault 92: CANT_REREAD: ${reason}`);
    await expect(supervised.rpc('restart')).rejects.toThrow(`fault 92: CANT_REREAD: ${reason}`);
    expect((await supervised.info('web:web_0')).statename).toBe('RUNNING');
    // Relative to the file that names it, not to the main one.
    sandbox.write('included/ear.conf', listener('./judge.mjs:judge'));
    expect(await supervised.rpc('reloadConfig')).toEqual([[['ear'], [], ['web']]]);
  });

  scenarioTest(
    'an interface that cannot be made at a restart brings the old one back',
    async ({ sandbox }) => {
      pluginFile(sandbox, 'own.mjs', 'return options.greeting;');
      sandbox.write('bad.mjs', 'export const make = () => { throw new Error("not made"); };');
      const supervised = await Supervised.start(sandbox, ours, section('./own.mjs:make') + sleeper);
      await supervised.running('web_0', 'web_1');
      writeConfig(sandbox, section('./bad.mjs:make') + sleeper);
      const mark = supervised.mark();
      await supervised.rpc('restart');
      await supervised.logged(/the one before is used again: Could not make own rpc interface/, mark);
      await supervised.logged(/success: web_1 entered RUNNING/, mark);
      expect(await callRpc(supervised.config.api, 'own.run')).toBe('hello');
    },
  );

  scenarioTest('only modules that the configuration names are loaded', async ({ sandbox }) => {
    pluginFile(sandbox, 'own.mjs', 'return "own";');
    sandbox.write('package.json', '{"type":"module"}');
    sandbox.write('plugins.mjs', 'import { writeFileSync } from "node:fs"; writeFileSync("loaded", "");');
    const supervised = await Supervised.start(sandbox, ours, section('./own.mjs:make') + sleeper);
    expect(await callRpc(supervised.config.api, 'own.run')).toBe('own');
    expect(() => sandbox.read('loaded')).toThrow('ENOENT');
  });
});
