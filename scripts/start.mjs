/**
 * `npm start`: sets up what is missing, then becomes the daemon, in the foreground, with the example
 * configuration.
 *
 * It replaces itself (execve) instead of starting a child: the terminal and npm signal the daemon itself,
 * and its exit code is the script's.
 */
import { createRequire } from 'node:module';
import process from 'node:process';
import { addonFile } from '../native/build.mjs';
import { inRoot, root } from './paths.mjs';
import { runScript, StepFailure } from './run.mjs';
import { setup } from './setup.mjs';

const configuration = 'examples/getting-started/supervisord.conf';

await runScript(async () => {
  await setup();
  process.chdir(root);
  process.stdout.write(
    `Starting supervisord with ${configuration}; Ctrl-C stops it.\nThe dashboard with its programs and logs: http://127.0.0.1:9001/\n`,
  );
  // Silent, so that the address is still there to be seen; the dashboard shows the activity log.
  const argv = [process.execPath, inRoot('bin', 'supervisord'), '-n', '-s', '-c', configuration];
  const env = Object.entries(process.env).map(([name, value]) => `${name}=${value}`);
  /** @type {import('../src/native/binding.ts').Binding} */
  const native = createRequire(import.meta.url)(addonFile());
  // Node keeps its stdio from whatever it executes.
  for (const fd of [0, 1, 2]) {
    native.setCloseOnExec(fd, false);
  }
  const errno = -native.execve(process.execPath, argv, env);
  throw new StepFailure(`cannot execute ${process.execPath}: error ${errno}`);
});
