/** `npm run soak`: the daemon under trouble for minutes, or as long as `-- --minutes N` says. */
import process from 'node:process';
import { runBundledMain } from './bundled-main.mjs';
import { runScript } from './run.mjs';

await runScript(() => runBundledMain('soak', process.argv.slice(2)));
