/** Part of `npm run check`: fails when a file in `src/` or `web/` imports against the direction of import-rules.mjs. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { filesUnder } from './freshness.mjs';
import { importProblems, sourceRules, webRules } from './import-rules.mjs';
import { inRoot } from './paths.mjs';

const problems = [sourceRules, webRules].flatMap((rules) =>
  filesUnder(inRoot(rules.folder))
    .filter((file) => /\.tsx?$/.test(file))
    .flatMap((file) =>
      importProblems(path.relative(inRoot(rules.folder), file), readFileSync(file, 'utf8'), rules),
    ),
);
process.stdout.write(problems.map((problem) => `${problem}\n`).join(''));
process.exitCode = problems.length > 0 ? 1 : 0;
