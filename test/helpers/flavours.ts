/**
 * The two implementations that a scenario can run on: this project's, and the original from Debian's package.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';

import { isExecutable, reasonToSkip } from './debian.ts';

export const projectRoot = path.resolve(import.meta.dirname, '../..');

export interface Flavour {
  readonly name: 'ours' | 'original';
  readonly supervisord: string;
  readonly supervisorctl: string;
  readonly echoSupervisordConf: string;
  /** Why the daemon, or the control program, cannot be run here; null: it can. */
  readonly supervisordMissing: string | null;
  readonly supervisorctlMissing: string | null;
}

export const original: Flavour = {
  name: 'original',
  supervisord: '/usr/bin/supervisord',
  supervisorctl: '/usr/bin/supervisorctl',
  echoSupervisordConf: '/usr/bin/echo_supervisord_conf',
  supervisordMissing: reasonToSkip(['supervisor']),
  supervisorctlMissing: reasonToSkip(['supervisor']),
};

export const ours: Flavour = {
  name: 'ours',
  supervisord: path.join(projectRoot, 'bin/supervisord'),
  supervisorctl: path.join(projectRoot, 'bin/supervisorctl'),
  echoSupervisordConf: path.join(projectRoot, 'bin/echo_supervisord_conf'),
  supervisordMissing: missingBuild('supervisord', 'supervisord.mjs'),
  supervisorctlMissing: missingBuild('supervisorctl', 'supervisorctl.js'),
};

/** The original first: it is the reference, and where it fails the scenario itself is wrong. */
export const flavours: readonly Flavour[] = [original, ours];

function missingBuild(program: string, bundle: string): string | null {
  const launcher = path.join(projectRoot, 'bin', program);
  if (!isExecutable(launcher)) {
    return `no bin/${program}`;
  }
  return existsSync(path.join(projectRoot, 'dist', bundle)) ? null : `not built: dist/${bundle}`;
}
