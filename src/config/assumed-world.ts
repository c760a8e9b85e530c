/**
 * A described machine, for `--assume WORLD.json`: what a configuration would mean elsewhere.
 *
 * Every directory exists but the named ones, and so does every user: one without a number here is given a
 * placeholder, which `labelOf` turns back into the name.
 */
import { noModule, pluginNameProblem } from '../plugin/load.ts';
import { fileReader } from './node-world.ts';
import { parsed, refused, type Parsed } from './python/parsed.ts';
import { absolutePath, joinPath, normalizePath } from './python/paths.ts';
import type { UserRecord, World } from './world.ts';

/** The fields of WORLD.json; all may be left out. */
export interface Assumptions {
  /** Replaces the environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly hostname?: string;
  readonly tmpdir?: string;
  readonly uid?: number;
  /** Home directories by user name; `*` stands for all other users, with `*` in the path for the name. */
  readonly homes?: Readonly<Record<string, string>>;
  /** Directories that do not exist, with all below them. */
  readonly missingDirectories?: readonly string[];
  /** Beginnings of names of users and groups that do not exist. */
  readonly missingUsers?: readonly string[];
  /** Beginnings of names of modules that cannot be loaded. */
  readonly missingModules?: readonly string[];
  /** Folder that stands for `/` when files are read. */
  readonly root?: string;
}

export interface AssumedWorld extends World {
  /** The name behind a placeholder, or the number itself. */
  readonly labelOf: (id: number) => number | string;
}

/** Numbers from here on belong to nobody. */
const firstMissingId = 60_000;

/** Placeholders lie where no real user does. */
const firstPlaceholder = 4_000_000_000;

const isText = (value: unknown): boolean => typeof value === 'string';
const isTextList = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isTextMap = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isText);

/** What each field of WORLD.json has to be. */
const fieldChecks: Readonly<
  Record<keyof Assumptions, readonly [check: (value: unknown) => boolean, what: string]>
> = {
  env: [isTextMap, 'an object of texts'],
  cwd: [isText, 'a text'],
  hostname: [isText, 'a text'],
  tmpdir: [isText, 'a text'],
  uid: [Number.isSafeInteger, 'a whole number'],
  homes: [isTextMap, 'an object of texts'],
  missingDirectories: [isTextList, 'a list of texts'],
  missingUsers: [isTextList, 'a list of texts'],
  missingModules: [isTextList, 'a list of texts'],
  root: [isText, 'a text'],
};

/** Reads WORLD.json; unknown fields are refused, since they were meant to change something. Null leaves one out. */
export function parseAssumptions(text: string, file: string): Parsed<Assumptions> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refused(`cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refused(`cannot use ${file}: expected an object`);
  }
  const fields = Object.entries(value).filter(([, content]) => content !== null);
  for (const [field, content] of fields) {
    const [check, what] = new Map(Object.entries(fieldChecks)).get(field) ?? [];
    if (check === undefined) {
      return refused(
        `cannot use ${file}: unknown field ${field}, expected ${Object.keys(fieldChecks).join(', ')}`,
      );
    }
    if (!check(content)) {
      return refused(`cannot use ${file}: expected ${field} to be ${what ?? ''}`);
    }
  }
  return parsed(Object.fromEntries(fields));
}

/** A world as `assumptions` describe it; what they leave open is taken from `real`. */
export function assumedWorld(assumptions: Assumptions, real: World): AssumedWorld {
  const { missingDirectories = [], missingModules = [], root } = assumptions;
  const cwd = assumptions.cwd ?? real.cwd;
  const labels = new Map<number, string>();
  const users = assumedUsers(assumptions, labels);
  const resolve = (path: string): string => {
    const absolute = joinPath(cwd, path);
    return root === undefined ? absolute : joinPath(root, normalizePath(absolute).replace(/^\/+/, ''));
  };
  return {
    env: assumptions.env === undefined ? real.env : new Map(Object.entries(assumptions.env)),
    cwd,
    hostname: assumptions.hostname ?? real.hostname,
    tmpdir: assumptions.tmpdir ?? real.tmpdir,
    uid: assumptions.uid ?? real.uid,
    users,
    isDirectory(path) {
      const absolute = absolutePath(path, cwd);
      return !path.includes('\0') && !missingDirectories.some((missing) => isBelow(absolute, missing));
    },
    ...fileReader(resolve),
    plugin(plugin) {
      const isMissing = missingModules.some((missing) => plugin.startsWith(missing));
      const problem = isMissing ? noModule(plugin) : pluginNameProblem(plugin);
      return problem !== null
        ? { ok: false, reason: problem }
        : { ok: true, eventTypes: moduleForm.test(plugin) ? null : [] };
    },
    labelOf: (id) => labels.get(id) ?? id,
  };
}

/** What can only be an ES module, which may declare any types of events. With all else unknown types are mistakes, as there. */
const moduleForm = /^(?:\.{0,2}\/|@)\S+:\w+$/;

function isBelow(path: string, directory: string): boolean {
  const parent = directory.endsWith('/') ? directory : `${directory}/`;
  return path === directory || path.startsWith(parent);
}

function assumedUsers(assumptions: Assumptions, labels: Map<number, string>): World['users'] {
  const { homes = {}, missingUsers = [] } = assumptions;
  const placeholders = new Map<string, number>();
  const isMissing = (name: string): boolean =>
    name.includes('\0') || missingUsers.some((missing) => name.startsWith(missing));
  const idOf = (name: string): number => {
    if (name === 'root') {
      return 0;
    }
    const id = placeholders.get(name) ?? firstPlaceholder + placeholders.size;
    placeholders.set(name, id);
    labels.set(id, name);
    return id;
  };
  const homeOf = (name: string): string => {
    const own = Object.hasOwn(homes, name) ? homes[name] : undefined;
    const usual = name === 'root' ? '/root' : `/home/${name}`;
    return own ?? homes['*']?.replaceAll('*', () => name) ?? usual;
  };
  const userOf = (name: string, id: number): UserRecord => ({ name, uid: id, gid: id, home: homeOf(name) });
  const nameOf = (id: number): string | null =>
    id === 0 ? 'root' : (labels.get(id) ?? (id < firstMissingId ? String(id) : null));
  return {
    userByName: (name) => (isMissing(name) ? null : userOf(name, idOf(name))),
    userById(uid) {
      const name = nameOf(uid);
      return name === null ? null : userOf(name, uid);
    },
    groupByName: (name) => (isMissing(name) ? null : { name, gid: idOf(name) }),
    groupById(gid) {
      const name = nameOf(gid);
      return name === null ? null : { name, gid };
    },
  };
}
