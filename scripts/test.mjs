/** `npm test`: sets up what is missing, then runs the tests; arguments go to vitest. */
import process from 'node:process';
import { runScript, runTool } from './run.mjs';
import { setup } from './setup.mjs';

await runScript(async () => {
  await setup();
  return runTool('vitest/vitest.mjs', ['run', ...process.argv.slice(2)]);
});
