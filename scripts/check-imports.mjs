/** Part of `npm run check`: fails when a file in `src/` imports against the direction of import-rules.mjs. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { filesUnder } from './freshness.mjs';
import { importProblems } from './import-rules.mjs';
import { inRoot } from './paths.mjs';

const problems = filesUnder(inRoot('src'))
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => importProblems(path.relative(inRoot('src'), file), readFileSync(file, 'utf8')));
process.stdout.write(problems.map((problem) => `${problem}\n`).join(''));
process.exitCode = problems.length > 0 ? 1 : 0;
