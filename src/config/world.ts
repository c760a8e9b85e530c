/**
 * Everything that reading a configuration asks of the machine.
 *
 * The parser is pure but for this interface: `node-world.ts` answers for the real machine,
 * `assumed-world.ts` for a described one.
 */

export interface UserRecord {
  readonly name: string;
  readonly uid: number;
  /** Primary group. */
  readonly gid: number;
  readonly home: string;
}

export interface GroupRecord {
  readonly name: string;
  readonly gid: number;
}

/** Why something could not be looked up, which does not say that there is no such thing: an errno's name, or a sentence. */
export interface LookupTrouble {
  readonly trouble: string;
}

/** Null where there is none of that name or number. */
export type LookedUp<T> = T | LookupTrouble | null;

/** Users and groups of the machine. */
export interface UserDatabase {
  userByName(name: string): LookedUp<UserRecord>;
  userById(uid: number): LookedUp<UserRecord>;
  groupByName(name: string): LookedUp<GroupRecord>;
  groupById(gid: number): LookedUp<GroupRecord>;
}

export type FileContent =
  | { readonly ok: true; readonly bytes: Uint8Array }
  /** `missing`: no such file; `unreadable`: it is there but cannot be opened. */
  | { readonly ok: false; readonly reason: 'missing' | 'unreadable' };

export interface DirectoryEntry {
  readonly name: string;
  readonly isDirectory: boolean;
}

export type PluginAnswer =
  /** With the types of events that its module declares; null: that cannot be known. */
  | { readonly ok: true; readonly eventTypes: readonly string[] | null }
  | { readonly ok: false; readonly reason: string };

/** Paths that are not absolute count from `cwd`. */
export interface World {
  readonly env: ReadonlyMap<string, string>;
  /** Current directory, absolute. */
  readonly cwd: string;
  readonly hostname: string;
  /** Where temporary files belong; the default of `childlogdir`. */
  readonly tmpdir: string;
  /** The own user id. */
  readonly uid: number;
  readonly users: UserDatabase;
  /** Whether `path` may be used as a directory by the programs and logs that a configuration names. */
  isDirectory(path: string): boolean;
  /** Whether a configuration file is there, links followed. */
  fileExists(path: string): boolean;
  readFile(path: string): FileContent;
  /** What a pattern of `[include]` may find: whether the name exists, links not followed. */
  nameExists(path: string): boolean;
  /** Entries of a directory for `[include]` patterns, or null when it cannot be listed. */
  listDirectory(path: string): readonly DirectoryEntry[] | null;
  /** Loads a plugin that a file in `directory` names as `module:name`. */
  plugin(plugin: string, directory: string): PluginAnswer;
}
