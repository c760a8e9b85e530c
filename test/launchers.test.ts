import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const main = `async (argv) => { process.stdout.write(argv.join('|')); return 7; }`;
const module = `export const main = ${main};`;

/** Programs, and a bundle for each as its launcher takes it. */
const programs = [
  ['supervisord', 'supervisord.mjs', module],
  ['supervisorctl', 'supervisorctl.js', `(function (require) { return { main: ${main} }; })`],
  ['echo_supervisord_conf', 'echo_supervisord_conf.mjs', module],
  ['pidproxy', 'pidproxy.mjs', module],
] as const;
const bin = path.join(import.meta.dirname, '..', 'bin');

/** A package with the real launchers and bundles that print what they get. */
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sv-'));
  cpSync(bin, path.join(folder, 'bin'), { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe.each(programs)('bin/%s', (program, bundle, text) => {
  const launcher = () => path.join(folder, 'bin', program);

  it('is executable', () => {
    expect(statSync(path.join(bin, program)).mode & 0o111).toBe(0o111);
  });

  it('says in one line what to do when there is no bundle', () => {
    rmSync(path.join(folder, 'dist'), { recursive: true, force: true });
    const { status, stdout, stderr } = spawnSync(launcher(), ['-v'], { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toBe(`${program}: cannot find its bundle; run \`npm run build\` in ${folder}/\n`);
  });

  it('hands over its arguments and exits with the code of main, from any folder and through links', () => {
    mkdirSync(path.join(folder, 'dist'), { recursive: true });
    writeFileSync(path.join(folder, 'dist', bundle), text);
    const link = path.join(folder, `link-to-${program}`);
    symlinkSync(path.join('bin', program), link);
    const { status, stdout } = spawnSync(link, ['-c', 'a b'], { encoding: 'utf8', cwd: '/' });
    expect({ status, stdout }).toEqual({ status: 7, stdout: '-c|a b' });
  });
});
