/**
 * Runs the addon's tests with its C code under AddressSanitizer and UndefinedBehaviorSanitizer.
 *
 * Only the probe that the tests start loads that addon, so vitest itself runs at its usual speed. Any report ends the
 * probe, and with it the test.
 */
import process from 'node:process';
import { buildAddon } from '../native/build.mjs';
import { run, runScript, StepFailure } from './run.mjs';
import { inRoot } from './paths.mjs';
import { setup } from './setup.mjs';

await runScript(async () => {
  await setup();
  const problem = buildAddon('sanitize');
  if (problem !== null) {
    throw new StepFailure(problem);
  }
  const vitest = inRoot('node_modules', 'vitest', 'vitest.mjs');
  return run(process.execPath, [vitest, 'run', 'src/native'], {
    ...process.env,
    NATIVE_TEST_VARIANT: 'sanitize',
  });
});
