/** Boots, one after the other, while something else keeps processors busy. */
import { type ChildProcess, spawn } from 'node:child_process';

import { cProgram } from '../c-program.ts';
import { boot } from './boot.ts';

/** So many boots with problems are enough to know. */
const worstBoots = 5;

/** Boots so often, with so many processors busy, and answers with what was wrong. `onBoot` is told after each. */
export async function boots(
  count: number,
  busy: number,
  onBoot: (number: number, problems: readonly string[]) => void,
): Promise<readonly string[]> {
  const spinners = Array.from({ length: busy }, () => spin());
  const all: string[] = [];
  let bad = 0;
  try {
    for (let number = 0; number < count && bad < worstBoots; number += 1) {
      const problems = await boot(number);
      bad += problems.length === 0 ? 0 : 1;
      all.push(...problems);
      onBoot(number, problems);
    }
  } finally {
    for (const spinner of spinners) {
      spinner.kill('SIGKILL');
    }
  }
  return all;
}

function spin(): ChildProcess {
  return spawn(cProgram('test/programs/spin.c'), { stdio: 'ignore' });
}
