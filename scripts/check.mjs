/** `npm run check`: everything that can be found without running the program. All steps run; any may fail it. */
import process from 'node:process';
import { run, runScript, runTool } from './run.mjs';
import { setup } from './setup.mjs';

/** @type {readonly [name: string, step: () => number][]} */
const steps = [
  ['types', () => runTool('typescript/bin/tsc', ['-p', '.'])],
  ['types of the page', () => runTool('typescript/bin/tsc', ['-p', 'web'])],
  ['types of the browser tests', () => runTool('typescript/bin/tsc', ['-p', 'test/e2e'])],
  ['lint', () => runTool('oxlint/bin/oxlint', ['--type-aware', '--deny-warnings'])],
  ['format', () => runTool('prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.'])],
  ['unused code', () => runTool('knip/bin/knip.js', [])],
  ['import direction', () => run(process.execPath, ['scripts/check-imports.mjs'])],
];

await runScript(async () => {
  await setup();
  const failed = steps.filter(([name, step]) => {
    const startMs = performance.now();
    const code = step();
    const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
    process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)\n`);
    return code !== 0;
  });
  return failed.length > 0 ? 1 : 0;
});
