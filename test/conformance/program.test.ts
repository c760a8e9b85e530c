/** The same through the real programs: B12.5, `--dump-config`, `--check`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ours } from '../helpers/flavours.ts';
import { runProgram, type ProgramResult } from '../helpers/run-program.ts';
import { configFile, fileCases, type CorpusCase, type Expectation } from './corpus.ts';
import { alignAnswers } from './expected-differences.ts';
import { assumptions } from './memory-world.ts';
import { hasOriginal, originalNote, startOriginal } from './original.ts';

const missing = ours.supervisordMissing;
const path = process.env['PATH'] ?? '';

describe.skipIf(missing !== null)(
  `bin/supervisord${missing === null ? '' : ` (skipped: ${missing})`}`,
  () => {
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'sv-'));
    });
    afterAll(() => {
      rmSync(folder, { recursive: true });
    });

    function run(...args: string[]): Promise<ProgramResult> {
      return runProgram(ours.supervisord, args, { cwd: folder, env: { PATH: path } });
    }

    const chosen = new Set([
      '11-http-servers',
      '12-include-order',
      '13-include-error',
      '27-latin1',
      '29-users',
    ]);
    const cases = fileCases('edge').filter(({ name }) => chosen.has(name));

    it.each(cases.map((corpusCase): [string, CorpusCase] => [corpusCase.name, corpusCase]))(
      '--dump-config --assume: %s',
      async (_name, corpusCase) => {
        const root = mkdtempSync(join(folder, 'r'));
        corpusCase.layOut(root);
        const world = join(root, 'world.json');
        writeFileSync(world, JSON.stringify({ ...assumptions, env: corpusCase.env, root }));
        const { code, stdout } = await run('--dump-config', '-c', configFile, '--assume', world);
        const { expected, actual } = alignAnswers(corpusCase.expected, JSON.parse(stdout) as Expectation);
        expect(actual).toEqual(expected);
        expect(code).toBe(expected.ok ? 0 : 2);
      },
    );

    it('--check tells everything on stdout', async () => {
      const file = join(folder, 'bad.conf');
      writeFileSync(file, '[supervisord]\nminfds=x\nloglvel=info\n');
      const { code, stdout } = await run('--check', '-c', file);
      expect([code, stdout.split('\n').length]).toEqual([2, 4]);
      writeFileSync(file, '[supervisord]\nloglvel=info\n');
      expect((await run('--check', '-c', file)).code).toBe(0);
      expect((await run('--check', '--strict', '-c', file)).code).toBe(1);
    });

    it.skipIf(!hasOriginal)(`B12.5: the original understands the sample${originalNote}`, async () => {
      const sample = await runProgram(ours.echoSupervisordConf, [], { cwd: folder, env: { PATH: path } });
      const original = startOriginal();
      const files = { [configFile]: Buffer.from(sample.stdout).toString('base64') };
      const answer = await original.ask({ files, env: {}, config_file: configFile });
      await original.close();
      expect(answer).toMatchObject({
        ok: true,
        http_servers: [{ file: `${process.getuid?.() === 0 ? '/run' : '/tmp'}/supervisor.sock` }],
      });
    });
  },
);
