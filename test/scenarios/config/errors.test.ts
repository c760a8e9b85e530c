/** A configuration with mistakes: at the start, and at a reread under running programs. */
import { describe, expect } from 'vitest';

import { writeConfig } from '../../helpers/config.ts';
import { runCtl } from '../../helpers/ctl.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { freePort } from '../../helpers/free-port.ts';
import { ours } from '../../helpers/flavours.ts';
import { runProgram } from '../../helpers/run-program.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { callRpc } from '../../helpers/xml-rpc.ts';

const program = `[program:web]
command=/bin/sleep 1000
startsecs=0
`;

const mistakes = `${program}startretries=high
stopwaitsecs=long
`;

describe('mistakes in a configuration', () => {
  scenarioTest(
    'keep the daemon from starting: all of them, each with file and line, under the first as the original words it',
    async ({ sandbox }) => {
      const { configFile } = writeConfig(sandbox, mistakes);
      const { stderr, stdout, code } = await runProgram(ours.supervisord, ['-n', '-c', configFile], {
        env: sandbox.env,
        cwd: sandbox.directory,
      });
      const suffix = ` in section 'program:web' (file: '${configFile}')`;
      const high = `invalid literal for int() with base 10: 'high'`;
      expect(stderr.split('\n')).toEqual([
        `Error: ${high}${suffix}`,
        expect.stringMatching(/supervisord\.conf:\d+: error: invalid literal.*; expected a whole number$/),
        expect.stringMatching(
          /supervisord\.conf:\d+: error: invalid literal for int\(\) with base 10: 'long'/,
        ),
        `For help, use ${ours.supervisord} -h`,
        '',
      ]);
      expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
    },
  );

  scenarioTest('change nothing at a reread or reload', async ({ sandbox }) => {
    const { configFile, api } = writeConfig(sandbox, program);
    const daemon = await startDaemon(sandbox, ours, { configFile });
    await daemon.output.match(/success: web/);
    const before = await callRpc(api, 'supervisor.getProcessInfo', ['web']);
    writeConfig(sandbox, mistakes);
    for (const command of ['reread', 'reload']) {
      const { stdout, code } = await runCtl(sandbox, ours, [command], { configFile });
      expect(stdout).toMatch(
        /^ERROR: CANT_REREAD: invalid literal for int\(\) with base 10: 'high' in section/,
      );
      expect(stdout).toMatch(
        /supervisord\.conf:\d+: error: invalid literal for int\(\) with base 10: 'long'/,
      );
      expect(code).toBe(1);
    }
    const after = await callRpc(api, 'supervisor.getProcessInfo', ['web']);
    const pidOf = (info: unknown): number => (info as { readonly pid: number }).pid;
    expect(pidOf(after)).toBe(pidOf(before));
    expect((await runCtl(sandbox, ours, ['check'], { configFile })).code).toBe(2);
  });

  scenarioTest(
    'effective settings name the file and line they came from, included files too',
    async ({ sandbox }) => {
      sandbox.write(
        'conf.d/web.conf',
        program.replace('startsecs=0', 'startsecs=0\nenvironment=TOKEN="t0p"'),
      );
      const port = await freePort();
      const { configFile } = writeConfig(
        sandbox,
        `[include]\nfiles=conf.d/*.conf\n[inet_http_server]\nport=127.0.0.1:${port}\n`,
      );
      const daemon = await startDaemon(sandbox, ours, { configFile });
      await daemon.output.match(/success: web/);
      const masked = await runCtl(sandbox, ours, ['config', 'web'], { configFile });
      expect(masked.stdout).toMatch(/^command=\/bin\/sleep 1000 +; \S+\/conf\.d\/web\.conf:2$/m);
      expect(masked.stdout).toMatch(/^environment=TOKEN="\*{8}" +; \S+\/conf\.d\/web\.conf:4$/m);
      expect(masked.stdout).toMatch(/^stopwaitsecs=10 +; default$/m);
      const shown = await runCtl(sandbox, ours, ['config', 'web', '--show-secrets'], { configFile });
      expect(shown.stdout).toContain('TOKEN="t0p"');
      const overNetwork = ['-s', `http://127.0.0.1:${port}`, 'config', 'web', '--show-secrets'];
      expect(await runCtl(sandbox, ours, overNetwork, { configFile })).toMatchObject({
        stdout: 'ERROR: supervisord shows secrets over its unix socket only\n',
        code: 4,
      });
    },
  );
});
