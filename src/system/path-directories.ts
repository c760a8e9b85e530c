/** Which directories decide what a path leads to. */
import fs from 'node:fs';
import path from 'node:path';

/** As the kernel has it, which then fails with ELOOP. */
const maxLinks = 40;

/**
 * The directories that are passed on the way along a path, from `/` on, links followed: whoever can write one of them can
 * change where it leads. The last is the path's own, where that is one.
 *
 * Throws errors of the system, also where nothing is at the path.
 */
export function directoriesOnTheWay(file: string): readonly fs.Stats[] {
  const passed = [fs.lstatSync('/')];
  const rest = namesOf(path.isAbsolute(file) ? file : `${process.cwd()}/${file}`);
  let at = '/';
  let links = 0;
  for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
    const entry = path.join(at, name);
    const stats = fs.lstatSync(entry);
    if (stats.isSymbolicLink() && links < maxLinks) {
      links += 1;
      const target = fs.readlinkSync(entry);
      rest.unshift(...namesOf(target));
      at = path.isAbsolute(target) ? '/' : at;
    } else if (stats.isDirectory()) {
      passed.push(stats);
      at = entry;
    } else if (rest.length > 0 || stats.isSymbolicLink()) {
      // Says what is wrong, as whoever uses the path would hear it.
      fs.statSync(path.join(entry, ...rest));
    }
  }
  return passed;
}

function namesOf(file: string): string[] {
  return file.split('/').filter((name) => name !== '' && name !== '.');
}
