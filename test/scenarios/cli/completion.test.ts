/** Completion in the shells themselves, of commands and of the names of a running daemon. */
import path from 'node:path';
import { expect } from 'vitest';

import { hasTerminals, typeInto } from '../../contract/supervisorctl/terminal.ts';
import { writeConfig } from '../../helpers/config.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { reasonToSkip } from '../../helpers/debian.ts';
import { ours } from '../../helpers/flavours.ts';
import { runProgram } from '../../helpers/run-program.ts';
import type { Sandbox } from '../../helpers/sandbox.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';

const programs = `
[program:web]
command=/bin/cat
startsecs=0

[program:worker]
command=/bin/cat
process_name=worker-%(process_num)d
numprocs=2
startsecs=0
`;

/** A daemon with these programs; the folder of supervisorctl comes first in the search path. */
async function prepare(sandbox: Sandbox): Promise<{ configFile: string; PATH: string }> {
  const { configFile } = writeConfig(sandbox, programs);
  await startDaemon(sandbox, ours, { configFile });
  return { configFile, PATH: `${path.dirname(ours.supervisorctl)}:${sandbox.env['PATH'] ?? ''}` };
}

/** Types half of what is to be completed, and whole lines where a shell is first taught to. */
async function typeInShell(sandbox: Sandbox, shell: readonly string[], teach: string): Promise<string> {
  const { configFile, PATH } = await prepare(sandbox);
  const command = `supervisorctl -c ${configFile}`;
  const { screen } = await typeInto(
    sandbox,
    ['/usr/bin/env', `PATH=${PATH}`, ...shell],
    [
      ['[$#%] $', `${teach}; echo READY | tr A-Z a-z\n`],
      ['\nready\n', `${command} vers\t`],
      ['version $', '\n'],
      [String.raw`\n\d+\.\d+\.\S+\n`, `${command} stop worker:worker-\t0\t`],
      ['0 +$', '\n'],
      ['worker:worker-0: stopped\n', `${command} stop we\t`],
      ['stop web $', '\n'],
      ['web: stopped\n', 'exit\n'],
    ],
  );
  return screen;
}

const bashMissing = hasTerminals ? null : 'no python3';
scenarioTest.skipIf(bashMissing !== null)(
  `bash completes commands and names${bashMissing === null ? '' : ` (${bashMissing})`}`,
  async ({ sandbox }) => {
    const screen = await typeInShell(
      sandbox,
      ['bash', '--norc', '--noprofile', '-i'],
      'source <(supervisorctl completion bash)',
    );
    expect(screen).toContain('web: stopped');
  },
);

const zshMissing = bashMissing ?? reasonToSkip(['zsh']);
scenarioTest.skipIf(zshMissing !== null)(
  `zsh completes commands and names${zshMissing === null ? '' : ` (${zshMissing})`}`,
  async ({ sandbox }) => {
    const screen = await typeInShell(
      sandbox,
      ['zsh', '-f', '-i'],
      'autoload -U compinit; compinit -u -D; source <(supervisorctl completion zsh)',
    );
    expect(screen).toContain('web: stopped');
  },
);

const fishMissing = reasonToSkip(['fish']);
scenarioTest.skipIf(fishMissing !== null)(
  `fish completes commands and names${fishMissing === null ? '' : ` (${fishMissing})`}`,
  async ({ sandbox }) => {
    const { configFile, PATH } = await prepare(sandbox);
    const complete = async (line: string): Promise<readonly string[]> => {
      const script = `supervisorctl completion fish | source; complete -C '${line}'`;
      const env = { ...sandbox.env, PATH };
      const { stdout } = await runProgram('/usr/bin/fish', ['-N', '-c', script], { env, cwd: '/' });
      return stdout.split('\n').filter((answer) => answer !== '');
    };
    expect(await complete('supervisorctl vers')).toEqual(['version\tShow the version of supervisord']);
    const names = await complete(`supervisorctl -c ${configFile} stop wo`);
    expect(names.toSorted()).toEqual([
      'worker:*\twhole group',
      'worker:worker-0\tprocess',
      'worker:worker-1\tprocess',
    ]);
    expect(await complete(`supervisorctl -c ${configFile.slice(0, -1)}`)).toContainEqual(
      expect.stringContaining(configFile),
    );
  },
);

scenarioTest('a daemon that cannot be reached completes to no names, in silence', async ({ sandbox }) => {
  const { configFile } = writeConfig(sandbox, programs);
  const complete = (...words: string[]) =>
    runProgram(ours.supervisorctl, ['completion', '--words', ...words], { env: sandbox.env, cwd: '/' });
  expect(await complete('-c', configFile, 'stop', 'w')).toEqual({ stdout: '', stderr: '', code: 0 });
  expect(await complete('-c', configFile, 'stop', '-')).toMatchObject({ stdout: '--json\toption\n' });
  expect(await complete('-c', '')).toMatchObject({ stdout: ':files\n' });
});
