import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Memory } from './memory.ts';
import type { Binding } from '../native/binding.ts';

/** Node reads from a connection into as large a block. */
const largeBytes = 64 * 1024;

export function nodeMemory(binding: Binding): Memory {
  return {
    residentBytes: () => process.memoryUsage.rss(),
    returnLargeBlocks: () => void binding.mapLargeBlocks(largeBytes),
    giveBack: (given) =>
      collect(() => {
        binding.trimMemory();
        given();
      }),
  };
}

/**
 * What Node offers as `gc` leaves the room for new objects as large as it has grown, and half empty pages as they are. As if memory
 * were low, with both given up, garbage is only collected for the inspector: a session within this thread, which opens
 * nothing, where this Node has one.
 */
function collect(done: () => void): void {
  const inspector = process.getBuiltinModule('node:inspector') as typeof import('node:inspector') | undefined;
  if (inspector === undefined) {
    collectRoughly();
    done();
    return;
  }
  const session = new inspector.Session();
  session.connect();
  session.post('HeapProfiler.collectGarbage', (error) =>
    // The answer comes under a lock that the end of the session takes as well.
    setImmediate(() => {
      session.disconnect();
      if (error !== null) {
        collectRoughly();
      }
      done();
    }),
  );
}

/** Node offers it only to who asks at its start, or so. */
function collectRoughly(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
