import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Memory } from './memory.ts';
import type { Binding } from '../native/binding.ts';

/** Node reads from a connection into as large a block. */
const largeBytes = 64 * 1024;

/** Collects garbage now: Node offers that only to who asks for it at its start, or so. */
type Collect = () => void;

export function nodeMemory(binding: Binding): Memory {
  let collect: Collect | null = null;
  return {
    residentBytes: () => process.memoryUsage.rss(),
    returnLargeBlocks: () => void binding.mapLargeBlocks(largeBytes),
    giveBack: () => {
      collect ??= makeCollect();
      collect();
      binding.trimMemory();
    },
  };
}

function makeCollect(): Collect {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as Collect;
}
