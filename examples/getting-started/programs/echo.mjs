/** Says what it hears on stdin: try it from its page in the dashboard, or with `supervisorctl fg echo`. */
import { createInterface } from 'node:readline';

console.log('echo: say something');
for await (const line of createInterface({ input: process.stdin })) {
  console.log(`echo: ${line}`);
}
