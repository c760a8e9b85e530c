/** Files and directories; a leading `~` stands for a home directory (B1.13, B1.19). */
import { parsed, refused } from '../python/parsed.ts';
import { directoryOf, expandUser } from '../python/paths.ts';
import type { LogfileSetting } from '../settings.ts';
import type { Converter } from './converter.ts';

export const existingDirectory: Converter<string> = {
  parse(value, world) {
    const path = expandUser(value, world);
    return world.isDirectory(path) ? parsed(path) : refused(`${value} is not an existing directory`);
  },
  expected: 'a directory that exists',
};

/** A file whose directory exists; without a directory it is relative to the current one. */
export const filePath: Converter<string> = {
  parse(value, world) {
    const path = expandUser(value, world);
    const directory = directoryOf(path);
    return directory === '' || world.isDirectory(directory)
      ? parsed(path)
      : refused(`The directory named as part of the path ${value} does not exist`);
  },
  expected: 'a file in a directory that exists',
};

/** B7.9; `syslog` is an old way to say `*_syslog=true`. */
export const logfile: Converter<LogfileSetting | { readonly kind: 'syslog' }> = {
  parse(value, world) {
    switch (value.toLowerCase()) {
      case 'none':
      case 'off':
        return parsed({ kind: 'none' });
      case 'auto':
        return parsed({ kind: 'auto' });
      case 'syslog':
        return parsed({ kind: 'syslog' });
      default: {
        const path = filePath.parse(value, world);
        return path.ok ? parsed({ kind: 'path', path: path.value }) : path;
      }
    }
  },
  expected: 'a file in a directory that exists, AUTO, or NONE',
};
