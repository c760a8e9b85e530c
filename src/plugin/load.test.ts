import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadPlugin, looksLikePython } from './load.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sv-'));

beforeAll(() => {
  const files = {
    'good.mjs': 'export function make() { return 1; }\nexport const text = "no function";\n',
    'syntax.mjs': 'export const a = ;\n',
    'throws.mjs': '\nthrow new RangeError("not today");\n',
    'waits.mjs': 'export const a = await 1;\n',
    'imports.mjs': 'import "./nothing.mjs";\nexport const make = () => 1;\n',
    'common.cjs': 'exports.make = () => 2;\n',
  };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(path.join(folder, name), text);
  }
  const installed = path.join(folder, 'node_modules', '@team', 'things');
  mkdirSync(installed, { recursive: true });
  writeFileSync(
    path.join(installed, 'package.json'),
    '{"type":"module","exports":{".":{"default":"./i.js"}}}',
  );
  writeFileSync(path.join(installed, 'i.js'), 'export const make = () => 3;\n');
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function load(plugin: string): unknown {
  const outcome = loadPlugin(plugin, folder);
  if (!outcome.ok) {
    return outcome.reason.replaceAll(folder, 'HERE');
  }
  return outcome.kind === 'stock' ? 'stock' : outcome.value();
}

describe('loading a plugin', () => {
  it('B11.3: finds functions of modules by path and by package', () => {
    expect(load('./good.mjs:make')).toBe(1);
    expect(load(`${folder}/good.mjs:make`)).toBe(1);
    expect(load('./common.cjs:make')).toBe(2);
    expect(load('@team/things:make')).toBe(3);
    expect(load('supervisor.rpcinterface:make_main_rpcinterface')).toBe('stock');
    expect(load('supervisor.dispatchers:default_handler')).toBe('stock');
  });

  it.each([
    ['./none.mjs:make', 'there is no file HERE/none.mjs'],
    ['superlance.memmon:make', "No module named 'superlance'"],
    ['superlance', 'it does not name what the module exports'],
    ['./good.mjs', 'it does not name what the module exports'],
    ['./good.mjs:other', 'the module has no export other; it exports make, text'],
    ['./good.mjs:toString', 'the module has no export toString; it exports make, text'],
    ['./good.mjs:text', 'the module exports text, which is no function; it exports make, text'],
    ['./throws.mjs:make', 'cannot load HERE/throws.mjs: RangeError: not today (file://HERE/throws.mjs:2:7)'],
    [
      './waits.mjs:make',
      'cannot load HERE/waits.mjs: it has an await outside of functions, which plugins cannot have',
    ],
  ])('%s: says %s', (plugin, reason) => {
    expect(load(plugin)).toBe(reason);
  });

  it('tells mistakes of the module from a missing one', () => {
    expect(load('./syntax.mjs:make')).toMatch(/^cannot load HERE\/syntax\.mjs: SyntaxError: /);
    expect(load('./imports.mjs:make')).toMatch(/^cannot load HERE\/imports\.mjs: .*nothing\.mjs/);
  });
});

describe('a name of Python', () => {
  it('is made of words with dots between them', () => {
    const names = [
      'superlance.memmon:make',
      'a.b',
      'package_1:name',
      './a.mjs:b',
      '@a/b.c:d',
      'a.mjs/b:c',
      'a-b:c',
    ];
    expect(names.filter(looksLikePython)).toEqual(['superlance.memmon:make', 'a.b', 'package_1:name']);
  });
});
