/** `npm run build`: packages if needed, then addon and bundles in any case. */
import { buildBundles } from './bundles.mjs';
import { installPackages } from './install.mjs';
import { runScript } from './run.mjs';
import { buildNative } from './setup.mjs';

await runScript(async () => {
  installPackages();
  buildNative();
  await buildBundles();
  return 0;
});
