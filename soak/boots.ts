/** `npm run soak -- --boots N`: the daemon is started again and again under fifty programs that speak at once. */
import { availableParallelism } from 'node:os';

import { boots } from '../test/helpers/boots/storm.ts';

const betweenWords = 50;

/** Exit code: 0 when every line of every boot was in its log, once and in order. */
export async function soakBoots(count: number): Promise<number> {
  const startedMs = performance.now();
  const problems = await boots(count, availableParallelism(), (number, found) => {
    process.stdout.write(found.map((line) => `PROBLEM: ${line}\n`).join(''));
    if ((number + 1) % betweenWords === 0 || number + 1 === count) {
      const seconds = Math.round((performance.now() - startedMs) / 1000);
      process.stdout.write(`[${String(seconds).padStart(5)} s] ${number + 1} of ${count} boots\n`);
    }
  });
  process.stdout.write(problems.length === 0 ? 'sound\n' : 'NOT WELL\n');
  return problems.length === 0 ? 0 : 1;
}
