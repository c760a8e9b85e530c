/** Options and configuration of supervisorctl itself. */
import { describe, expect } from 'vitest';

import { original, ours } from '../../helpers/flavours.ts';
import type { Flavour } from '../../helpers/flavours.ts';
import { runProgram } from '../../helpers/run-program.ts';
import type { ProgramResult } from '../../helpers/run-program.ts';
import type { Sandbox } from '../../helpers/sandbox.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { normalizeResult } from './normalize.ts';

const reason = original.supervisorctlMissing ?? ours.supervisorctlMissing;

async function both(sandbox: Sandbox, args: readonly string[]): Promise<ProgramResult> {
  const run = async (ctl: Flavour): Promise<ProgramResult> => {
    const options = { env: sandbox.env, cwd: sandbox.directory };
    const ended = normalizeResult(await runProgram(ctl.supervisorctl, args, options), sandbox.directory);
    return { ...ended, stderr: withoutPlaces(ended.stderr) };
  };
  const [reference, result] = await Promise.all([run(original), run(ours)]);
  expect(result).toEqual(reference);
  return reference;
}

/** Of a broken configuration ours tells the file and line of every error as well, below the original's line. */
function withoutPlaces(stderr: string): string {
  return stderr.replaceAll(/^[^:\n]+(?::\d+)?: error: .*\n/gm, '');
}

describe.skipIf(reason !== null)(
  `supervisorctl reads its command line${reason === null ? '' : ` (${reason})`}`,
  () => {
    scenarioTest.for([
      ['-x'],
      ['-xh'],
      ['--nosuch'],
      ['--interactivex'],
      ['--interactive=1'],
      ['--h'],
      ['--s'],
      ['--serverurl'],
      ['--password'],
      ['-c'],
      ['-u'],
      ['-c', 'a', '-c', 'b'],
      ['-ca', '--configuration=b'],
      ['-i', '-i', 'status'],
      ['-ii'],
      ['-s', 'foo'],
      ['-s', ''],
      ['-shttp://', 'x'],
      ['--serverurl=it\'s "odd"'],
      ['-c', '/no/such/file', 'status'],
    ])('B12.6, B17: refuses %j', async (args, { sandbox }) => {
      expect(await both(sandbox, args)).toMatchObject({ stdout: '', code: 2 });
    });

    scenarioTest.for([
      ['-s', 'unix:///no/such.sock', '--', 'status', '-x'],
      ['-sunix:///no/such.sock', 'pid', '-h'],
      ['--server', 'unix:///no/such.sock', 'status'],
      ['-u', 'a', '-p', 'b', '-s', 'unix:///no/such.sock', 'pid'],
      ['-is', 'unix:///no/such.sock', 'avail'],
      ['--history', 'x', '-s', 'unix:///no/such.sock', 'start', 'x'],
    ])('B17: understands %j', async (args, { sandbox }) => {
      sandbox.write('supervisord.conf', '[supervisorctl]\n');
      await both(sandbox, args);
    });

    scenarioTest('B12.6: -h, -? and --help', async ({ sandbox }) => {
      for (const option of ['-h', '-?', '--help', '-ih']) {
        const result = await runProgram(ours.supervisorctl, [option], {
          env: sandbox.env,
          cwd: sandbox.directory,
        });
        expect(result).toMatchObject({ stderr: '', code: 0 });
        expect(result.stdout).toMatch(/^supervisorctl -- control applications /);
        expect(result.stdout).toMatch(/^-c\/--configuration FILENAME -- /m);
      }
    });

    scenarioTest('B1.2, B1.5, B6.1: what a configuration may say', async ({ sandbox }) => {
      sandbox.write('none.conf', '[supervisord]\n');
      sandbox.write('here.conf', '[supervisorctl]\nserverurl=unix://%(here)s/x/../no.sock\nprompt=p\n');
      sandbox.write('env.conf', '[supervisorctl]\nserverurl=unix://%(ENV_HOME)s/no.sock\n');
      sandbox.write('bad.conf', '[supervisorctl]\nserverurl=%(nosuch\n');
      expect(await both(sandbox, ['-c', 'none.conf', 'status'])).toMatchObject({ code: 2 });
      expect(await both(sandbox, ['-c', 'here.conf', 'start', 'x'])).toMatchObject({ code: 7 });
      expect(await both(sandbox, ['-c', 'env.conf', 'start', 'x'])).toMatchObject({ code: 7 });
      expect(await both(sandbox, ['-c', 'bad.conf', 'status'])).toMatchObject({ code: 2 });
      expect(await both(sandbox, ['-c', 'here.conf', '-s', 'unix:///no/other', 'start', 'x'])).toMatchObject({
        stdout: 'unix:///no/other no such file\n',
      });
    });
  },
);
