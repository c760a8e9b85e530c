/** The real machine. */
import { accessSync, constants, existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';

import { declaredEventTypes } from '../events/declared-types.ts';
import { loadPlugin } from '../plugin/load.ts';
import { absolutePath, joinPath } from './python/paths.ts';
import type { DirectoryEntry, FileContent, PluginAnswer, UserDatabase, World } from './world.ts';

/**
 * A `World` that asks the machine; `users` comes from whoever can read its user database. Relative paths start at
 * `cwd`, wherever this process has gone since. `tmpdir`: found before by one of these, so that it is not looked for.
 */
export function nodeWorld(
  users: UserDatabase,
  cwd: string = process.cwd(),
  tmpdir: string | null = null,
): World {
  const env = environmentOf(process.env);
  const resolve = (path: string): string => joinPath(cwd, path);
  return {
    env,
    cwd,
    hostname: hostname(),
    tmpdir: tmpdir ?? temporaryDirectory(env, cwd),
    uid: process.getuid?.() ?? 0,
    users,
    isDirectory: (path) => isDirectory(resolve(path)),
    ...fileReader(resolve),
    plugin,
  };
}

/** The parts of a `World` that read files; `resolve` says where a path really is. */
export function fileReader(
  resolve: (path: string) => string,
): Pick<World, 'fileExists' | 'readFile' | 'nameExists' | 'listDirectory'> {
  return {
    fileExists: (path) => existsSync(resolve(path)),
    readFile: (path) => readFile(resolve(path)),
    nameExists: (path) => nameExists(resolve(path)),
    listDirectory: (path) => listDirectory(resolve(path)),
  };
}

function environmentOf(variables: Readonly<Record<string, string | undefined>>): Map<string, string> {
  return new Map(
    Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function isDirectory(path: string): boolean {
  return succeeds(() => statSync(path).isDirectory());
}

function nameExists(path: string): boolean {
  return succeeds(() => lstatSync(path) !== undefined);
}

/** What the file system refuses to tell, for whatever reason, counts as not there. */
function succeeds(question: () => boolean): boolean {
  try {
    return question();
  } catch {
    return false;
  }
}

function readFile(path: string): FileContent {
  try {
    return { ok: true, bytes: readFileSync(path) };
  } catch {
    return { ok: false, reason: existsSync(path) ? 'unreadable' : 'missing' };
  }
}

function listDirectory(path: string): DirectoryEntry[] | null {
  try {
    return readdirSync(path, { withFileTypes: true }).map((entry) => ({
      name: entry.name,
      isDirectory: entry.isDirectory() || (entry.isSymbolicLink() && isDirectory(joinPath(path, entry.name))),
    }));
  } catch {
    return null;
  }
}

/**
 * The first of these that can be written to.
 *
 * Source: Python library reference, `tempfile.gettempdir`.
 */
function temporaryDirectory(env: ReadonlyMap<string, string>, cwd: string): string {
  const named = ['TMPDIR', 'TEMP', 'TMP']
    .flatMap((name) => env.get(name) ?? [])
    .filter((path) => path !== '');
  const candidates = [...named, '/tmp', '/var/tmp', '/usr/tmp', cwd].map((path) => absolutePath(path, cwd));
  return candidates.find(isWritableDirectory) ?? cwd;
}

function isWritableDirectory(path: string): boolean {
  return succeeds(() => {
    accessSync(path, constants.W_OK | constants.X_OK);
    return statSync(path).isDirectory();
  });
}

/** Compat: what a plugin's module declares counts from the moment the configuration is read. */
function plugin(name: string, directory: string): PluginAnswer {
  const loaded = loadPlugin(name, directory);
  if (!loaded.ok) {
    return loaded;
  }
  const declared = declaredEventTypes(loaded.kind === 'stock' ? {} : loaded.module);
  return declared.ok ? { ok: true, eventTypes: Object.keys(declared.eventTypes) } : declared;
}
