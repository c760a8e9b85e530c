import { test } from 'vitest';

import { Sandbox } from './sandbox.ts';

/** A test with a sandbox of its own, which fails when a process it started is left behind. */
export const scenarioTest = test.extend<{ sandbox: Sandbox }>({
  // oxlint-disable-next-line no-empty-pattern -- vitest reads the names of needed fixtures from this pattern
  sandbox: async ({}, use) => {
    const sandbox = new Sandbox();
    await use(sandbox);
    await sandbox.close();
  },
});
