import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openAddon } from '../src/native/index.ts';

const script = path.join(import.meta.dirname, '..', 'native', 'build.mjs');
const folder = mkdtempSync(path.join(os.tmpdir(), 'sv-'));
const file = path.join(folder, 'addon.node');
/** From Debian's package `musl-tools`, which depends on `musl`. */
const muslLibc = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-musl/libc.so`;
const hasMusl = existsSync(muslLibc) && spawnSync('musl-gcc', ['--version']).status === 0;
const hasObjdump = spawnSync('objdump', ['--version']).status === 0;

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs the build script; its exit code and what it said. */
function build(env: NodeJS.ProcessEnv = {}) {
  const { status, stderr } = spawnSync(process.execPath, [script, '--out', file], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { status, stderr };
}

describe('native/build.mjs', () => {
  it('says in one sentence what to install when there is no compiler', () => {
    expect(build({ CC: '/no/such/cc' })).toEqual({
      status: 1,
      stderr:
        'cannot build the native addon: no C compiler (/no/such/cc) was found; install one, for example with `apt-get install gcc libc6-dev` or `apk add gcc musl-dev`\n',
    });
  });

  it('says that the compiler failed, and leaves nothing behind', () => {
    const { status, stderr } = build({ CC: 'false' });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'cannot build the native addon: false failed, see its messages above\n',
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('builds an addon that loads', () => {
    expect(build()).toEqual({ status: 0, stderr: '' });
    expect(openAddon(file)).toHaveProperty('spawn');
  });

  it.skipIf(!hasObjdump)(
    'names no library and no version of a symbol, so that it fits any libc (needs objdump)',
    () => {
      build();
      const dynamic = spawnSync('objdump', ['-p', file], { encoding: 'utf8' }).stdout;
      const symbols = spawnSync('objdump', ['-T', file], { encoding: 'utf8' }).stdout;
      expect(dynamic).toContain('Dynamic Section');
      expect(dynamic).not.toMatch(/NEEDED|GLIBC/);
      expect(symbols).toContain('execve');
      expect(symbols).not.toMatch(/GLIBC|GCC_/);
    },
  );

  it.skipIf(!hasObjdump || !hasMusl)(
    'calls nothing that neither musl nor Node has, built with either libc (needs objdump and musl-tools)',
    () => {
      const symbolsOf = (binary: string, kind: RegExp): readonly string[] =>
        spawnSync('objdump', ['-T', binary], { encoding: 'utf8', maxBuffer: 64 * 2 ** 20 })
          .stdout.split('\n')
          .filter((line) => kind.test(line))
          .map((line) => line.split(/\s+/).at(-1) ?? '');
      const defined = / \.(?:text|bss|data)/;
      const offered = new Set([
        ...symbolsOf(muslLibc, defined),
        ...symbolsOf(process.execPath, defined).filter((name) => /^(?:napi|uv)_/.test(name)),
      ]);
      expect(offered).toContain('clone');
      for (const compiler of ['cc', 'musl-gcc']) {
        expect(build({ CC: compiler })).toEqual({ status: 0, stderr: '' });
        const called = symbolsOf(file, /\*UND\*/);
        expect(called).toContain('execve');
        expect(called.filter((name) => !offered.has(name))).toEqual([]);
      }
    },
  );
});
