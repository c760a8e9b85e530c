import { expect, it } from 'vitest';

import type { NativeBlock } from '../native/binding.ts';
import { loadBinding } from '../native/index.ts';
import { largeBlockBytes, ReadBlocks, smallBlockBytes } from './read-blocks.ts';

function makeBlock(bytes: number): NativeBlock | null {
  const block = loadBinding().blockMake(bytes);
  return typeof block === 'number' ? null : block;
}

it('gives large blocks to a few only, and small ones to all others', () => {
  const blocks = new ReadBlocks(makeBlock);
  const take = (maxBytes = largeBlockBytes): NativeBlock => {
    const block = blocks.take(maxBytes);
    if (block === null) {
      throw new Error('no memory');
    }
    return block;
  };
  expect(take(smallBlockBytes).bytes).toHaveLength(smallBlockBytes);
  const [first, ...others] = Array.from({ length: 300 }, () => take());
  const bytes = others.reduce((sum, block) => sum + block.bytes.length, first?.bytes.length ?? 0);
  expect(bytes).toBe(32 * largeBlockBytes + 268 * smallBlockBytes);
  if (first !== undefined) {
    blocks.giveBack(first);
    blocks.giveBack(first);
  }
  expect([take().bytes.length, take().bytes.length]).toEqual([largeBlockBytes, smallBlockBytes]);
});

it('has none where there is no memory', () => {
  const blocks = new ReadBlocks(() => null);
  expect([blocks.take(largeBlockBytes), blocks.take(smallBlockBytes)]).toEqual([null, null]);
});
