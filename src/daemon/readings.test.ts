import { expect, it } from 'vitest';
import type { ReadResult } from './effective-config.ts';
import { Readings } from './readings.ts';

const turn = (): Promise<unknown> => new Promise(setImmediate);

/** Readings that are answered by hand, in any order; what was read is told by `message`. */
function handReadings() {
  const answers: ((read: ReadResult) => void)[] = [];
  const readings = new Readings(() => new Promise((resolve) => void answers.push(resolve)));
  const answer = (message: string): void => answers.at(-1)?.({ ok: false, message });
  return { readings, answers, answer };
}

const messageOf = (read: ReadResult): string => (read.ok ? '' : read.message);

it('carries out what is asked for one after the other, each with its effects', async () => {
  const { readings, answers, answer } = handReadings();
  const effects: string[] = [];
  const note = (name: string) => (read: ReadResult) => void effects.push(`${name} ${messageOf(read)}`);
  const all = [readings.read(note('first')), readings.read(note('second'))];
  await turn();
  expect([answers.length, effects]).toEqual([1, []]);
  answer('old');
  await turn();
  expect([answers.length, effects]).toEqual([2, ['first old']]);
  answer('new');
  await Promise.all(all);
  expect(effects).toEqual(['first old', 'second new']);
});

it('waits for what becomes of one before the next is begun', async () => {
  const { readings, answers, answer } = handReadings();
  let finish: () => void = () => {};
  const first = readings.read(() => new Promise<string>((resolve) => (finish = () => resolve('used'))));
  void readings.read(messageOf);
  await turn();
  answer('old');
  await turn();
  expect(answers).toHaveLength(1);
  finish();
  expect(await first).toBe('used');
  await turn();
  expect(answers).toHaveLength(2);
});

it('goes on after one that failed, of which only its caller hears', async () => {
  const { readings, answer } = handReadings();
  const failed = readings.read(() => {
    throw new Error('broken');
  });
  const next = readings.read(messageOf);
  const rejected = expect(failed).rejects.toThrow('broken');
  await turn();
  answer('old');
  await turn();
  answer('new');
  await rejected;
  expect(await next).toBe('new');
});

it('is settled when nothing is left to read, also of what was asked for meanwhile', async () => {
  const { readings, answer } = handReadings();
  await readings.settled();
  let isSettled = false;
  void readings.read(messageOf);
  const settled = readings.settled().then(() => (isSettled = true));
  await turn();
  void readings.read(messageOf);
  answer('old');
  await turn();
  expect(isSettled).toBe(false);
  answer('new');
  expect(await settled).toBe(true);
});
