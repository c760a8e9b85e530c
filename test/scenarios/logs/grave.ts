/** A directory where nobody answers any more: what lies there was fine until then. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

import { type HangingMount, mountHanging } from '../../helpers/hanging-mount.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';

/** A file system of its own, until nobody answers there any more. */
export class Grave {
  readonly #directory: string;
  #mount: HangingMount | null = null;

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory);
    execFileSync('mount', ['-t', 'tmpfs', 'sv-grave', directory]);
  }

  /** Has every later call on the directory hang. */
  bury(): void {
    this.#mount = mountHanging(this.#directory);
    if (this.#mount === null) {
      throw new Error('cannot mount');
    }
  }

  /** What hangs is told that it is gone; then all is as before. */
  open(): void {
    this.#mount?.end();
  }

  remove(): void {
    this.open();
    execFileSync('umount', ['-l', this.#directory]);
  }
}

/** With a grave at `dead` in the sandbox. */
export const graveTest = scenarioTest.extend<{ grave: Grave }>({
  grave: async ({ sandbox }, use) => {
    const grave = new Grave(sandbox.path('dead'));
    try {
      await use(grave);
    } finally {
      // Before anything else: whoever hangs can be ended by nothing.
      grave.remove();
      await sandbox.close();
    }
  },
});
