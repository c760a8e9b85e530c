/**
 * Notices of other people's packages that are in our bundles: name, version, licence, copyright and the licence's text.
 *
 * Which packages these are is what esbuild says it has put into each file, never a list kept by hand; so a dependency of a
 * dependency is among them, and one that only the tests use is not.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { StepFailure } from './run.mjs';

/** Beside the programs' bundles, and among the files of the page. */
export const noticesFile = 'THIRD_PARTY_NOTICES.txt';

/** Texts for packages that are published without theirs, from their repositories, by `NAME@VERSION.txt`. */
const keptTexts = path.join(import.meta.dirname, 'licences');

/** The last `node_modules` of a path, with the package in it. */
const packageFolder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/** What npm itself takes for a licence. */
const licenceName = /^(?:licen[cs]e|copying)(?:[.-].*)?$/i;

/**
 * The packages in bundles: their folders below the root, each with the bundles that it is in.
 *
 * @param {readonly Pick<import('esbuild').Metafile, 'outputs'>[]} metafiles
 * @returns {ReadonlyMap<string, ReadonlySet<string>>}
 */
export function bundledPackages(metafiles) {
  /** @type {Map<string, Set<string>>} */
  const packages = new Map();
  for (const [output, { inputs }] of metafiles.flatMap(({ outputs }) => Object.entries(outputs))) {
    for (const input of Object.keys(inputs)) {
      const folder = packageFolder.exec(input)?.[0];
      if (folder !== undefined && !output.endsWith('.map')) {
        packages.set(folder, (packages.get(folder) ?? new Set()).add(output));
      }
    }
  }
  return packages;
}

/**
 * The text of the notices; the order of the packages is that of their names.
 *
 * @param {readonly Pick<import('esbuild').Metafile, 'outputs'>[]} metafiles
 * @param {string} root What paths in them are below.
 * @throws {StepFailure} When a package does not say what may be done with it.
 */
export function noticesOf(metafiles, root) {
  const notices = [...bundledPackages(metafiles)].map(([folder, outputs]) => ({
    folder,
    text: noticeOf(path.join(root, folder), [...outputs].toSorted()),
  }));
  const sorted = notices.toSorted((a, b) => (a.folder < b.folder ? -1 : 1));
  const head =
    'The bundles of supervisord-ts contain code of the packages below, each under the licence that stands with it.\n';
  return [head, ...sorted.map(({ text }) => text)].join(`\n${'='.repeat(80)}\n\n`);
}

/**
 * @param {string} folder Of the package.
 * @param {readonly string[]} outputs
 */
function noticeOf(folder, outputs) {
  /** @type {{ name: string, version: string, license?: unknown }} */
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  if (typeof license !== 'string' || license === '') {
    throw new StepFailure(`cannot bundle ${name}: its package.json names no licence`);
  }
  const text = licenceText(folder, `${name}@${version}`);
  const copyright = text.split('\n').filter((line) => /^\s*Copyright\b/.test(line));
  if (copyright.length === 0) {
    throw new StepFailure(`cannot bundle ${name}: nothing in its licence says whose it is`);
  }
  return [
    `${name} ${version}`,
    `Licence: ${license}`,
    ...new Set(copyright.map((line) => line.trim())),
    `In: ${outputs.join(', ')}`,
    '',
    text,
  ].join('\n');
}

/**
 * @param {string} folder
 * @param {string} nameAndVersion
 * @returns {string} With one newline at its end.
 */
function licenceText(folder, nameAndVersion) {
  const own = readdirSync(folder)
    .filter((file) => licenceName.test(file))
    .toSorted()
    .map((file) => path.join(folder, file));
  const kept = path.join(keptTexts, `${nameAndVersion.replace('/', '+')}.txt`);
  const files = own.length === 0 && existsSync(kept) ? [kept] : own;
  if (files.length === 0) {
    throw new StepFailure(
      `cannot bundle ${nameAndVersion}: it comes without the text of its licence; put that into ${kept}`,
    );
  }
  return files.map((file) => `${readFileSync(file, 'utf8').replaceAll('\r\n', '\n').trim()}\n`).join('\n');
}
