/**
 * The program that the addon's tests run: a process of its own, since `reap` collects every child there is.
 *
 *     node probe.mjs ADDON RESULT CASE [PARAMETER]
 *
 * Runs one case and writes what it returned to the file RESULT as JSON.
 */
import { writeFileSync } from 'node:fs';
import { openAddon } from '../index.ts';
import { childCases } from './child-cases.ts';
import { Children } from './children.ts';
import { fileCases } from './file-cases.ts';
import { processCases } from './process-cases.ts';

const [addon = '', result = '', name = '', parameter = ''] = process.argv.slice(2);
const run = { ...childCases, ...fileCases, ...processCases }[name];
if (run === undefined) {
  throw new Error(`no case ${name}`);
}
writeFileSync(result, JSON.stringify(await run(new Children(openAddon(addon)), parameter)));
