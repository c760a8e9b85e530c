/** `echo_supervisord_conf`: prints the sample configuration. */
import { writeFileSync } from 'node:fs';

import { sampleConfiguration } from './sample.ts';

/** Arguments are ignored, as the original does; returns the exit code. */
export function main(_argv: readonly string[]): number {
  // Not through `process.stdout`, which may lose its end in a pipe when the process exits.
  writeFileSync(1, sampleConfiguration(process.geteuid?.() === 0 ? 'root' : 'anybody'));
  return 0;
}
