/** Scenarios with a disk that can be frozen. */
import { LoopDisk } from '../../helpers/loop-disk.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';

export const diskTest = scenarioTest.extend<{ disk: LoopDisk }>({
  disk: async ({ sandbox }, use) => {
    const disk = new LoopDisk();
    try {
      await use(disk);
    } finally {
      // Before anything else: whoever hangs can be ended by nothing.
      disk.thaw();
      await sandbox.close().finally(() => disk.remove());
    }
  },
});
