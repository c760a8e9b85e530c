/** Debian's Chromium, driven by playwright-core: one for all tests of a file. */
import { existsSync } from 'node:fs';

import { chromium, type Browser } from 'playwright-core';
import { afterAll, describe } from 'vitest';

const executablePath = '/usr/bin/chromium';

/** Nothing that looks for a network of its own; the names are those of tests that need some. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--host-resolver-rules=${['evil.example', 'supervisor-host'].map((name) => `MAP ${name} 127.0.0.1`).join(',')}`,
];

let browser: Promise<Browser> | null = null;

/** Starts it when it is first asked for. */
export function theBrowser(): Promise<Browser> {
  browser ??= chromium.launch({ executablePath, args });
  return browser;
}

/** A `describe` that is skipped by name where there is no browser, and closes it in the end. */
export function describeInBrowser(title: string, tests: () => void): void {
  const isMissing = !existsSync(executablePath);
  describe.skipIf(isMissing)(isMissing ? `${title} (not installed: chromium)` : title, () => {
    afterAll(async () => {
      await (await browser)?.close();
      browser = null;
    });
    tests();
  });
}
