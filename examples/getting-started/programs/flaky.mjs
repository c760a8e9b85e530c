/** Works for a while, then complains and fails. */
import { setTimeout as sleep } from 'node:timers/promises';

console.log(`flaky: off we go, this time as process ${process.pid}`);
await sleep(10_000 + Math.random() * 20_000);
console.error('\u001B[31mflaky: something went wrong\u001B[0m');
console.error('    at somewhere (flaky.mjs:1:1)');
process.exit(3);
