/** A few hundred lines at a time, coloured as programs like to be, and a short rest. */
import { setTimeout as sleep } from 'node:timers/promises';

const levels = ['\u001B[36mDEBUG\u001B[0m', '\u001B[32mINFO\u001B[0m', '\u001B[33mWARN\u001B[0m'];

for (let round = 1; ; round += 1) {
  const lines = Array.from({ length: 200 }, (_, line) => {
    const level = levels[line % 50 === 49 ? 2 : line % 2];
    return `${new Date().toISOString()} ${level} round ${round} line ${line + 1}: all is well, nothing to see here\n`;
  });
  process.stdout.write(lines.join(''));
  await sleep(1000);
}
