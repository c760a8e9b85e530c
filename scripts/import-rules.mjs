/**
 * Which part of the source may import which: the direction of docs/architecture.md as a table.
 *
 * A file belongs to the part with the longest matching path, and may import its own part and the parts listed
 * for it, nothing else but package.json. So the parts stay testable apart, and none of them depends on who uses it.
 */
import path from 'node:path';

const foundation = ['native', 'system'];
/** What tells about paths without anything of the rest. */
const paths = ['system/socket-path', 'system/path-trust', 'system/path-directories'];
const leaves = [...foundation, ...paths, 'config', 'events', 'logging', 'plugin', 'process/states'];
const core = [...leaves, 'process', 'group', 'stats', 'journal'];
const wire = ['rpc/xml', 'rpc/faults', 'rpc/namespec', ...paths];

/**
 * A folder, and of each part (a path below it) the parts it may import.
 *
 * @typedef {{ readonly folder: string, readonly allowed: Readonly<Record<string, readonly string[]>> }} ImportRules
 */

/** @type {ImportRules['allowed']} */
const allowed = {
  native: [],
  ...Object.fromEntries(paths.map((part) => [part, []])),
  system: ['native', ...paths],
  'process/states': [],
  'rpc/xml': ['rpc/faults'],
  'rpc/faults': [],
  'rpc/namespec': [],
  config: leaves,
  plugin: [],
  listener: ['events'],
  events: leaves,
  logging: leaves,
  stats: foundation,
  journal: [...foundation, 'process', 'process/states'],
  process: leaves,
  group: core,
  rpc: [...core, ...wire],
  http: [...core, ...wire, 'rpc'],
  daemon: [...core, ...wire, 'rpc', 'http'],
  client: [...wire, 'native', 'process/states'],
  cli: [...leaves, ...wire, 'client'],
};

/** @type {ImportRules} */
export const sourceRules = { folder: 'src', allowed };

const pure = ['stream', 'ansi', 'model'];

/** @type {ImportRules} */
export const webRules = {
  folder: 'web',
  allowed: {
    stream: [],
    ansi: [],
    model: ['stream', 'ansi'],
    state: pure,
    components: [...pure, 'state'],
    views: [...pure, 'state', 'components'],
    main: ['state', 'views'],
  },
};

/**
 * @param {string} file Path below the folder of the rules, without a leading slash.
 * @param {ImportRules} rules
 * @returns {string | undefined} The part it belongs to.
 */
export function partOf(file, rules = sourceRules) {
  return Object.keys(rules.allowed)
    .filter((part) => file.startsWith(`${part}/`) || file.startsWith(`${part}.`))
    .toSorted((a, b) => b.length - a.length)[0];
}

/** Modules named after `from`, by a bare `import`, or by a dynamic one. */
const importPattern =
  /(?:^\s*(?:import|export)\b[^'";]*?\bfrom|^\s*import|\bimport\()\s*(['"])([^'"\n]+)\1/gm;

/**
 * @param {string} text Source of a module.
 * @returns {{ line: number, specifier: string }[]} Its imports, types included.
 */
export function importsOf(text) {
  return [...text.matchAll(importPattern)].map((match) => {
    const specifier = match[2] ?? '';
    const end = match.index + match[0].length;
    return { line: text.slice(0, end).split('\n').length, specifier };
  });
}

/**
 * Tests and what only they use may reach for helpers and build scripts outside `src/`.
 *
 * @param {string} file
 */
function isForTests(file) {
  return /\.(?:test|fixture)\.ts$/.test(file);
}

/**
 * @param {string} file Path below the folder of the rules.
 * @param {string} text
 * @param {ImportRules} rules
 * @returns {string[]} One sentence for each import that points the wrong way.
 */
export function importProblems(file, text, rules = sourceRules) {
  const { folder, allowed } = rules;
  const part = partOf(file, rules);
  if (part === undefined) {
    return [`${folder}/${file}: belongs to no part that scripts/import-rules.mjs knows`];
  }
  return importsOf(text)
    .filter(({ specifier }) => specifier.startsWith('.'))
    .flatMap(({ line, specifier }) => {
      const target = path.posix.join(path.posix.dirname(file), specifier);
      const targetPart = partOf(target, rules);
      const isOutside = target.startsWith('../');
      if (isOutside && (target === '../package.json' || isForTests(file))) {
        return [];
      }
      if (targetPart === part || (targetPart !== undefined && allowed[part]?.includes(targetPart))) {
        return [];
      }
      const where = targetPart ?? `anything outside ${folder}/`;
      return [`${folder}/${file}:${line}: ${part} must not import ${where} (${specifier})`];
    });
}
