import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundleFiles } from './bundle-files.mjs';
import { bundledPackages, noticesFile, noticesOf } from './notices.mjs';
import { inRoot } from './paths.mjs';

/** What esbuild says of one bundle that is made of these files. */
function bundleOf(output: string, ...inputs: readonly string[]): Parameters<typeof noticesOf>[0][number] {
  const bytes = { bytesInOutput: 1 };
  const all = Object.fromEntries(inputs.map((input) => [input, bytes]));
  return { outputs: { [output]: { bytes: 1, inputs: all, imports: [], exports: [] } } };
}

describe('packages in bundles', () => {
  it('are found by the paths of their files', () => {
    const packages = bundledPackages([
      bundleOf('a.js', 'src/own.ts', 'node_modules/one/lib/x.js', 'node_modules/@scope/two/y.js'),
      bundleOf('b.js', 'node_modules/one/z.js', 'node_modules/one/node_modules/inner/i.js'),
      bundleOf('b.js.map', 'node_modules/three/x.js'),
    ]);
    expect([...packages].map(([folder, outputs]) => [folder, ...outputs])).toEqual([
      ['node_modules/one', 'a.js', 'b.js'],
      ['node_modules/@scope/two', 'a.js'],
      ['node_modules/one/node_modules/inner', 'b.js'],
    ]);
  });
});

describe('notices', () => {
  let root = '';

  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'sv-'));
  });

  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  function install(name: string, facts: object, files: Readonly<Record<string, string>>): void {
    const folder = path.join(root, 'node_modules', name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name, version: '1.2.3', ...facts }));
    for (const [file, text] of Object.entries(files)) {
      writeFileSync(path.join(folder, file), text);
    }
  }

  it('hold name, version, licence, copyright and text, in the order of names', () => {
    install('zed', { license: 'MIT' }, { LICENSE: 'MIT\r\n\r\nCopyright (c) Zed\r\n' });
    install('one', { license: 'ISC' }, { 'LICENCE.md': 'Copyright One\nBe good.\n\n' });
    const text = noticesOf([bundleOf('b.js', 'node_modules/zed/x.js', 'node_modules/one/x.js')], root);
    const line = `\n${'='.repeat(80)}\n\n`;
    expect(text.split(line).slice(1)).toEqual([
      'one 1.2.3\nLicence: ISC\nCopyright One\nIn: b.js\n\nCopyright One\nBe good.\n',
      'zed 1.2.3\nLicence: MIT\nCopyright (c) Zed\nIn: b.js\n\nMIT\n\nCopyright (c) Zed\n',
    ]);
  });

  it.each([
    ['names no licence', {}, { LICENSE: 'Copyright One' }],
    ['comes without the text of its licence', { license: 'MIT' }, { 'README.md': 'Copyright One' }],
    ['nothing in its licence says whose it is', { license: 'MIT' }, { LICENSE: 'The above copyright' }],
  ])('are refused of a package that %s', (problem, facts, files) => {
    install('one', facts, files);
    expect(() => noticesOf([bundleOf('b.js', 'node_modules/one/x.js')], root)).toThrow(problem);
  });
});

describe('the build', () => {
  it('ships a notice of every package in its bundles, and the same each time', async () => {
    const { files, metafiles } = await bundleFiles();
    const places = [inRoot('dist', noticesFile), inRoot('dist', 'web', noticesFile)];
    const built = places.map((place) => files.find((file) => file.path === place)?.contents ?? []);
    const shipped = readFileSync(places[0] ?? '', 'utf8');
    expect(Buffer.from(built[0] ?? []).toString()).toBe(shipped);
    expect(Buffer.from(built[1] ?? []).toString()).toBe(shipped);
    expect(readFileSync(places[1] ?? '', 'utf8')).toBe(shipped);
    const sources = metafiles
      .flatMap(({ outputs }) => Object.values(outputs))
      .flatMap(({ inputs }) => Object.keys(inputs));
    const folders = new Set(
      sources.flatMap((source) => /.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(source) ?? []),
    );
    expect(folders.size).toBeGreaterThan(5);
    for (const folder of folders) {
      const { name, version } = JSON.parse(readFileSync(inRoot(folder, 'package.json'), 'utf8'));
      expect(shipped).toContain(`\n${name} ${version}\nLicence: `);
    }
  });

  it('names the notices in every script and style sheet of the page', async () => {
    const { page } = await bundleFiles();
    const texts = page
      .filter((file) => /\.(?:js|css)$/.test(file.path))
      .map((file) => Buffer.from(file.contents).toString());
    expect(texts.length).toBeGreaterThan(3);
    expect(texts.filter((text) => !text.includes(noticesFile))).toEqual([]);
  });
});
