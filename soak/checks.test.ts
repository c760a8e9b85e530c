import { describe, expect, it } from 'vitest';
import { growth, type Sample } from './checks.ts';

/** Thirty samples whose memory and descriptors grow by so much from the first to the last. */
function samples(grownBytes: number, grownDescriptors: number): readonly Sample[] {
  return Array.from({ length: 30 }, (_, index) => ({
    atMs: index * 2000,
    memoryBytes: 100e6 + (grownBytes * index) / 29,
    descriptors: 90 + Math.round((grownDescriptors * index) / 29),
    running: 30,
    answerMs: 2,
  }));
}

describe('growth', () => {
  it('is none while both only waver', () => {
    expect(growth(samples(5e6, 4))).toEqual([]);
  });

  it('is told of memory and of descriptors', () => {
    expect(growth(samples(60e6, 0))).toEqual([expect.stringMatching(/^memory grew from \d+\.\d MB to /)]);
    expect(growth(samples(0, 30))).toEqual([expect.stringMatching(/^descriptors grew from \d+ to \d+$/)]);
  });
});
