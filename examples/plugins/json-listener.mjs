/** A listener that answers in JSON, for `judge.mjs`; it prints what it is told to stderr. */

process.stdout.write('READY\n');

const input = process.stdin.setEncoding('utf8');
let pending = '';
for await (const chunk of input) {
  pending += chunk;
  const end = pending.indexOf('\n');
  const length = Number(/ len:(\d+)/.exec(pending)?.[1]);
  if (end >= 0 && pending.length >= end + 1 + length) {
    console.error(pending.slice(end + 1, end + 1 + length));
    pending = pending.slice(end + 1 + length);
    const answer = JSON.stringify({ ok: true });
    process.stdout.write(`RESULT ${answer.length}\n${answer}READY\n`);
  }
}
