/** Works through an endless queue: asks the web server for something, thinks about it, takes the next job. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const number = process.argv[2] ?? '0';
const url = `http://127.0.0.1:${process.env.PORT ?? 8080}/`;

for (let job = 1; ; job += 1) {
  console.log(`${new Date().toISOString()} worker ${number}: job ${job} started`);
  try {
    const answer = await (await fetch(`${url}?worker=${number}&job=${job}`)).text();
    const digest = work(answer, 100 + Math.random() * 200);
    console.log(`${new Date().toISOString()} worker ${number}: job ${job} done, ${digest.slice(0, 12)}`);
  } catch (error) {
    console.error(`${new Date().toISOString()} worker ${number}: job ${job} failed: ${error.message}`);
  }
  await sleep(2000 + Math.random() * 2000);
}

/** Keeps the processor busy for so many milliseconds, so that there is something to see. */
function work(text, ms) {
  const end = performance.now() + ms;
  let digest = text;
  while (performance.now() < end) {
    digest = createHash('sha256').update(digest).digest('hex');
  }
  return digest;
}
