/** A small machine with files in memory, for tests. */
import { assumedWorld, type Assumptions, type AssumedWorld } from './assumed-world.ts';
import { loadSettings, type LoadResult } from './load.ts';
import { nodeWorld } from './node-world.ts';
import type { DaemonOverrides } from './load/daemon.ts';
import type { GroupSettings, ProcessSettings, Settings } from './settings.ts';
import { userFiles } from './user-files.ts';

export const configFile = '/etc/app/supervisord.conf';

interface Machine {
  /** Files besides the configuration, by absolute path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly assumptions?: Assumptions;
  readonly overrides?: DaemonOverrides;
}

export function worldWith(
  files: Readonly<Record<string, string>>,
  assumptions: Assumptions = {},
): AssumedWorld {
  const usual: Assumptions = {
    env: { HOME: '/root', LANG: 'C.UTF-8' },
    cwd: '/home/me',
    hostname: 'box',
    tmpdir: '/tmp',
    uid: 0,
    missingDirectories: ['/nonexistent'],
    missingUsers: ['nosuch'],
    missingModules: ['nosuch'],
  };
  const contents = new Map(Object.entries(files));
  return {
    ...assumedWorld({ ...usual, ...assumptions }, nodeWorld(userFiles())),
    fileExists: (path) => contents.has(path),
    nameExists: (path) => contents.has(path),
    readFile(path) {
      const content = contents.get(path);
      return content === undefined
        ? { ok: false, reason: 'missing' }
        : { ok: true, bytes: new Uint8Array(Buffer.from(content)) };
    },
    listDirectory: (path) =>
      [...contents.keys()]
        .filter((file) => file.slice(0, file.lastIndexOf('/')) === path)
        .map((file) => ({ name: file.slice(path.length + 1), isDirectory: false })),
  };
}

/** Loads `text` as the main file. */
export function load(text: string, machine: Machine = {}): LoadResult {
  const world = worldWith({ ...machine.files, [configFile]: text }, machine.assumptions);
  return loadSettings({ configFile, world, overrides: machine.overrides ?? {} });
}

/** As {@link load}, for a text that has to be right; `[supervisord]` is put before it. */
export function settingsOf(text: string, machine: Machine = {}): Settings {
  const result = load(`[supervisord]\n${text}`, machine);
  if (!result.ok) {
    throw new Error(`cannot load: ${result.problems[0].message}`);
  }
  return result.settings;
}

/** Messages of all errors; `[supervisord]` is put before the text. */
export function errorsOf(text: string, machine: Machine = {}): string[] {
  const result = load(`[supervisord]\n${text}`, machine);
  return result.ok
    ? []
    : result.problems.filter(({ severity }) => severity === 'error').map(({ message }) => message);
}

/** The first group. */
export function groupOf(text: string, machine: Machine = {}): GroupSettings {
  const [group] = settingsOf(text, machine).groups;
  if (group === undefined) {
    throw new Error('cannot find a group');
  }
  return group;
}

/** The first process of a `[program:p]` with these options. */
export function processOf(options: string, machine: Machine = {}): ProcessSettings {
  const text = `[program:p]\n${/^command/m.test(options) ? '' : 'command=/bin/cat\n'}${options}`;
  const [process] = groupOf(text, machine).processes;
  if (process === undefined) {
    throw new Error('cannot find a process');
  }
  return process;
}

/** Errors of a `[program:p]` with these options, without the suffix that names the section. */
export function programErrorsOf(options: string, machine: Machine = {}): string[] {
  const suffix = ` in section 'program:p' (file: '${configFile}')`;
  return errorsOf(`[program:p]\ncommand=/bin/cat\n${options}`, machine).map((message) =>
    message.replace(suffix, ''),
  );
}
