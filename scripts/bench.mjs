/** `npm run bench`: sets up what is missing, then runs the benchmarks; arguments choose some by name. */
import process from 'node:process';
import { runBundledMain } from './bundled-main.mjs';
import { runScript } from './run.mjs';

await runScript(() => runBundledMain('bench', process.argv.slice(2)));
