/** Programs that are known for logging what they read from their stdin, and rotate. */
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { isExecutable } from '../test/helpers/debian.ts';

export interface Logger {
  readonly name: string;
  /** Why it cannot be run here; null: it can. */
  readonly missing: string | null;
  /** Its command, to log into an empty directory; it may have to write a configuration there. */
  command(directory: string, maxBytes: number, backups: number): readonly string[];
}

const known: readonly (Omit<Logger, 'missing'> & {
  readonly file: string;
  readonly debianPackage: string;
})[] = [
  {
    name: 's6-log',
    file: '/usr/bin/s6-log',
    debianPackage: 's6',
    command: (directory, maxBytes, backups) => [`n${backups}`, `s${maxBytes}`, directory],
  },
  {
    name: 'svlogd',
    file: '/usr/bin/svlogd',
    debianPackage: 'runit',
    command: (directory, maxBytes, backups) => {
      writeFileSync(path.join(directory, 'config'), `s${maxBytes}\nn${backups}\n`);
      return [directory];
    },
  },
  {
    name: 'rotatelogs',
    file: '/usr/bin/rotatelogs',
    debianPackage: 'apache2-utils',
    command: (directory, maxBytes, backups) => [
      '-n',
      String(backups + 1),
      path.join(directory, 'current'),
      `${maxBytes / 1024}K`,
    ],
  },
];

export const loggers: readonly Logger[] = known.map(({ name, file, debianPackage, command }) => ({
  name,
  missing: isExecutable(file) ? null : `not installed (package ${debianPackage})`,
  command: (directory, maxBytes, backups) => {
    mkdirSync(directory);
    return [file, ...command(directory, maxBytes, backups)];
  },
}));

/** Bytes in the logs of a directory, besides what these programs keep beside them. */
export function loggedBytes(directory: string): number {
  return readdirSync(directory)
    .filter((name) => /^(?:current|@)/.test(name))
    .reduce((sum, name) => sum + statSync(path.join(directory, name)).size, 0);
}
