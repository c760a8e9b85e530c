import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Probe } from './probe/run-probe.fixture.ts';

let probe: Probe;

beforeAll(async () => {
  probe = await Probe.create();
});

afterAll(() => {
  probe.dispose();
});

describe('reap', () => {
  it('loses none of 300 children that end at once, and reports each once with its code', async () => {
    expect(await probe.run('manyChildren', '300')).toEqual({ ended: 300, distinct: 300, wrong: [] });
  });

  it('tells a signal from an exit', async () => {
    expect(await probe.run('killed')).toEqual({ pid: expect.any(Number), signal: 9, coreDumped: false });
  });

  it('collects orphans too, and a signal reaches a whole group', async () => {
    const { answer, ends, pid, grandchild } = await probe.run<{
      answer: number;
      ends: object[];
      pid: number;
      grandchild: number;
    }>('group');
    expect(answer).toBe(0);
    expect(ends).toEqual([
      { pid, signal: 15, coreDumped: false },
      { pid: grandchild, signal: 15, coreDumped: false },
    ]);
  });
});
