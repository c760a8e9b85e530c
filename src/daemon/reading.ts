/**
 * Reading the configuration while programs run, without asking for the directory of any log on the event loop.
 *
 * Whether a directory is there takes asking its file system, which may never answer. So the configuration is read as if all
 * were there; then they are asked for beside the event loop, and where one is missing it is read once more, with what is known by
 * then. That tells the same problems as asking within the reading.
 */
import { joinPath } from '../config/python/paths.ts';
import type { World } from '../config/world.ts';

/** Tells which of these directories, given by absolute paths, are not there. */
export type MissingOf = (directories: readonly string[]) => Promise<ReadonlySet<string>>;

/** What `read` makes of the world, as it would if it asked the world itself for directories. */
export async function readWithoutWaiting<Result>(
  world: World,
  read: (world: World) => Result,
  missingOf: MissingOf,
): Promise<Result> {
  const known = new Map<string, boolean>();
  for (;;) {
    const noted = new Set<string>();
    const result = read(assumingWorld(world, known, noted));
    const missing = await missingOf([...noted]);
    noted.forEach((directory) => known.set(directory, !missing.has(directory)));
    // Otherwise what was read between the two passes may name others.
    if (missing.size === 0) {
      return result;
    }
  }
}

/** A world in which every directory exists that is not known better; those are `noted`. */
function assumingWorld(world: World, known: ReadonlyMap<string, boolean>, noted: Set<string>): World {
  return {
    ...world,
    isDirectory: (path) => {
      if (path.includes('\0')) {
        return false;
      }
      const directory = joinPath(world.cwd, path);
      const answer = known.get(directory);
      if (answer === undefined) {
        noted.add(directory);
      }
      return answer ?? true;
    },
  };
}
