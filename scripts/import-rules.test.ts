import { describe, expect, it } from 'vitest';
import { importProblems, importsOf, partOf, webRules } from './import-rules.mjs';

describe('partOf', () => {
  it('takes the part with the longest matching path', () => {
    expect(partOf('rpc/xml/decode.ts')).toBe('rpc/xml');
    expect(partOf('rpc/faults.ts')).toBe('rpc/faults');
    expect(partOf('rpc/registry.ts')).toBe('rpc');
    expect(partOf('process/states.ts')).toBe('process/states');
    expect(partOf('elsewhere/file.ts')).toBeUndefined();
  });
});

describe('importsOf', () => {
  it('finds every form of import with the line of its module name', () => {
    const text = [
      "import { a } from './a.ts';",
      'import type {',
      '  B,',
      "} from './b.ts';",
      "import './c.ts';",
      "export { d } from './d.ts';",
      "const e = await import('./e.ts');",
    ].join('\n');
    expect(importsOf(text)).toEqual([
      { line: 1, specifier: './a.ts' },
      { line: 4, specifier: './b.ts' },
      { line: 5, specifier: './c.ts' },
      { line: 6, specifier: './d.ts' },
      { line: 7, specifier: './e.ts' },
    ]);
  });

  it('takes no word in a text or a comment for an import', () => {
    expect(importsOf("// copied from './x.ts'\nconst text = 'import from elsewhere';")).toEqual([]);
  });
});

describe('importProblems', () => {
  it.each([
    [
      'process/stop.ts',
      "import { x } from '../http/server.ts';",
      'src/process/stop.ts:1: process must not import http',
    ],
    [
      'config/load.ts',
      "import { x } from '../rpc/faults.ts';",
      'src/config/load.ts:1: config must not import rpc/faults',
    ],
    [
      'system/node.ts',
      "\nimport type { X } from '../process/states.ts';",
      'src/system/node.ts:2: system must not import',
    ],
    ['cli/main.ts', "import { x } from '../group/group.ts';", 'src/cli/main.ts:1: cli must not import group'],
    [
      'client/client.ts',
      "import { x } from '../rpc/registry.ts';",
      'client must not import rpc (../rpc/registry.ts)',
    ],
    ['rpc/a.ts', "import { x } from '../../test/helper.ts';", 'rpc must not import anything outside src/'],
  ])('refuses the wrong direction: %s', (file, text, problem) => {
    expect(importProblems(file, text)).toEqual([expect.stringContaining(problem)]);
  });

  it('accepts the right direction, own files and packages', () => {
    const text =
      "import { a } from './b.ts';\nimport c from 'node:fs';\nimport { d } from '../system/clock.ts';";
    expect(importProblems('process/process.ts', text)).toEqual([]);
    expect(importProblems('system/v.ts', "import { version } from '../../package.json';")).toEqual([]);
    expect(importProblems('client/client.ts', "import { e } from '../rpc/xml/encode.ts';")).toEqual([]);
  });

  it('lets tests use what is outside src/, but not import upward', () => {
    expect(importProblems('rpc/a.test.ts', "import { x } from '../../test/helper.ts';")).toEqual([]);
    expect(importProblems('rpc/a.test.ts', "import { x } from '../http/server.ts';")).toHaveLength(1);
  });

  it('knows the parts of the page', () => {
    const text = "import { x } from '../components/icon.tsx';";
    expect(importProblems('model/a.ts', text, webRules)).toEqual([
      'web/model/a.ts:1: model must not import components (../components/icon.tsx)',
    ]);
    expect(importProblems('views/a.tsx', text, webRules)).toEqual([]);
  });

  it('refuses a file that belongs to no part', () => {
    expect(importProblems('stray.ts', '')).toEqual([expect.stringContaining('belongs to no part')]);
  });
});
