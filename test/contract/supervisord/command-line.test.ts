/** The command line of supervisord: what is refused and how, on the original and on ours (B12). */
import { describe, expect, it } from 'vitest';

import { writeConfig } from '../../helpers/config.ts';
import { type Flavour, original, ours } from '../../helpers/flavours.ts';
import { type ProgramResult, runProgram } from '../../helpers/run-program.ts';
import { Sandbox } from '../../helpers/sandbox.ts';

/** With `FILE` for a good configuration. None of them leads to a daemon. */
const refusals: readonly string[] = [
  '-x',
  '-v -x',
  '--nosuch',
  'positional',
  '-c',
  '-c /nonexistent',
  '-n -n -c FILE',
  '-n --nodaemon -c FILE',
  '-e warning -c FILE',
  '-u nosuchuser -c FILE',
  '-m 9 -c FILE',
  '-m abc -c FILE',
  '-d /nonexistent -c FILE',
  '-q /nonexistent -c FILE',
  '-l /nonexistent/x -c FILE',
  '-j /nonexistent/x -c FILE',
  '-y 1.5MB -c FILE',
  '-z x -c FILE',
  '-a x -c FILE',
  '--minprocs=x -c FILE',
  '-i',
  '--user',
  '--nodaemon=yes',
  '--no -c /nonexistent',
  '--min=3 -c /nonexistent',
  '--logfile=/nonexistent/a -c FILE',
  '--profile_options=nosuch -c /nonexistent',
];

const answers: readonly string[] = ['-v', '--version', '--ver', '-vh', '-nv', '-k -t -s -n -v'];
const helps: readonly string[] = ['-h', '--help', '-?', '-hv'];

async function run({ supervisord }: Flavour, line: string): Promise<ProgramResult> {
  const sandbox = new Sandbox();
  try {
    const { configFile } = writeConfig(sandbox, '');
    const args = line.split(' ').map((arg) => (arg === 'FILE' ? configFile : arg));
    const result = await runProgram(supervisord, args, { env: sandbox.env, cwd: sandbox.directory });
    const same = (text: string): string =>
      text.replaceAll(supervisord, 'PROGRAM').replaceAll(sandbox.directory, 'DIR');
    return { code: result.code, stdout: same(result.stdout), stderr: same(result.stderr) };
  } finally {
    await sandbox.close();
  }
}

/** The original's two lines: ours may say more between them. */
function firstAndLast(stderr: string): readonly (string | undefined)[] {
  const lines = stderr.trimEnd().split('\n');
  return [lines[0], lines.at(-1)];
}

const reason = original.supervisordMissing ?? ours.supervisordMissing;

describe.skipIf(reason !== null).concurrent(`command line of supervisord (${reason ?? 'both'})`, () => {
  it.each(refusals)('B12.1, B12.2: %s is refused alike', async (line) => {
    const [theirs, mine] = [await run(original, line), await run(ours, line)];
    expect(mine).toMatchObject({ code: 2, stdout: '' });
    expect(theirs).toMatchObject({ code: 2, stdout: '' });
    expect(firstAndLast(mine.stderr)).toEqual(firstAndLast(theirs.stderr));
  });

  it.each(answers)('B12.2: %s prints the bare version', async (line) => {
    const [theirs, mine] = [await run(original, line), await run(ours, line)];
    expect(theirs).toMatchObject({ code: 0, stderr: '' });
    expect(mine).toMatchObject({ code: 0, stderr: '' });
    expect(mine.stdout).toMatch(/^5\.\d+\.\d+\S*\n$/);
  });

  it.each(helps)('B12.6: %s explains every option of the original', async (line) => {
    const [theirs, mine] = [await run(original, line), await run(ours, line)];
    expect(mine).toMatchObject({ code: 0, stderr: '' });
    expect(mine.stdout.split('\n')[0]).toBe(theirs.stdout.split('\n')[0]);
    const optionOf = (text: string): string | undefined => /^(-\S+)/.exec(text)?.[1];
    const known = new Set(mine.stdout.split('\n').map(optionOf));
    // Its help has -h in one line with the others of the same meaning.
    const wanted = theirs.stdout
      .split('\n')
      .map(optionOf)
      .filter((option) => option !== undefined);
    expect(wanted.filter((option) => !known.has(option))).toEqual([]);
  });
});
