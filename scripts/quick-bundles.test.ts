import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withDigest } from './quick-bundles.mjs';

const root = path.dirname(import.meta.dirname);

/** Says where it is called from and with what, and whether its compiled form was taken. */
const program = `(function (require) { return { main: async (args) => {
  console.log(JSON.stringify([process.cwd(), args]));
  return 7;
} }; })`;

describe('bin/launch-quick.js', () => {
  let directory = '';
  let bundle = '';

  beforeEach(() => {
    directory = mkdtempSync(path.join(os.tmpdir(), 'sv-'));
    cpSync(path.join(root, 'bin'), path.join(directory, 'bin'), { recursive: true });
    mkdirSync(path.join(directory, 'dist'));
    bundle = path.join(directory, 'dist', 'supervisorctl.js');
    writeFileSync(bundle, withDigest(Buffer.from(program)));
  });

  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  /** Runs the launcher, by whatever path, in the root folder. */
  function launch(launcher = path.join(directory, 'bin', 'supervisorctl')): unknown[] {
    const { status, stdout, stderr } = spawnSync(launcher, ['a', 'b c'], { cwd: '/', encoding: 'utf8' });
    return [status, stdout, stderr];
  }

  const launched = [7, '["/",["a","b c"]]\n', ''];

  it('runs a bundle without its compiled form', () => {
    expect(launch()).toEqual(launched);
  });

  it('runs from any folder, also through a symbolic link', () => {
    mkdirSync(path.join(directory, 'elsewhere'));
    const link = path.join(directory, 'elsewhere', 'ctl');
    symlinkSync('../bin/supervisorctl', link);
    expect(launch(link)).toEqual(launched);
  });

  it('leaves a compiled form aside that belongs to another bundle, or that this node cannot use', () => {
    const other = Buffer.from(withDigest(Buffer.from(`${program} `)).subarray(-72));
    writeFileSync(`${bundle}.cache`, other);
    expect(launch()).toEqual(launched);
    const own = readFileSync(bundle).subarray(-72);
    writeFileSync(`${bundle}.cache`, Buffer.concat([own, Buffer.from('made by another node')]));
    expect(launch()).toEqual(launched);
    writeFileSync(`${bundle}.cache`, '');
    expect(launch()).toEqual(launched);
  });

  it('says what to do without a bundle', () => {
    rmSync(bundle);
    expect(launch()).toEqual([
      1,
      '',
      `supervisorctl: cannot find its bundle; run \`npm run build\` in ${directory}/\n`,
    ]);
  });
});

describe('the build', () => {
  it('makes a compiled form that belongs to the bundle and that this node takes', () => {
    const bundle = path.join(root, 'dist', 'supervisorctl.js');
    const script = `
      const { readFileSync } = require('node:fs');
      const source = readFileSync(${JSON.stringify(bundle)});
      const cache = readFileSync(${JSON.stringify(`${bundle}.cache`)});
      const compiled = new (require('node:vm').Script)(source.toString('latin1'), {
        filename: ${JSON.stringify(bundle)},
        cachedData: cache.subarray(72),
      });
      console.log(source.subarray(-72).equals(cache.subarray(0, 72)), compiled.cachedDataRejected);`;
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    expect([stdout, stderr]).toEqual(['true false\n', '']);
  });
});
