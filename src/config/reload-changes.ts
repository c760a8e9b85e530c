/**
 * What differs between two configurations outside of groups: settings of the daemon, its servers and interfaces, which only a reload
 * takes up. `environment` of `[supervisord]` is not among them, since it is part of every program.
 */
import { Describer, type Fields, type View } from './describe.ts';
import { toJson, type JsonValue } from './json.ts';
import type { DaemonOverrides } from './load/daemon.ts';
import type { Origins } from './problems.ts';
import { mask, maskSecrets } from './secrets.ts';
import type { Settings } from './settings.ts';

export interface ReloadChange {
  /** Header of the section. */
  readonly section: string;
  /** Null: the section as a whole came or went. */
  readonly option: string | null;
  /** Texts; null where there is no value. Passwords are never shown, options of plugins that look like secrets neither. */
  readonly from: string | null;
  readonly to: string | null;
  /** Where the new value is written; null for a default. */
  readonly file: string | null;
  readonly line: number | null;
}

interface Configured {
  readonly settings: Settings;
  readonly origins: Origins;
}

/** `overrides`: what the command line says over both. */
export function reloadChanges(
  before: Configured,
  after: Configured,
  overrides: DaemonOverrides,
): readonly ReloadChange[] {
  const [old, now] = [sectionsOf(before, overrides), sectionsOf(after, overrides)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((section) => {
    const [from, to] = [old.get(section), now.get(section)];
    if (from === undefined || to === undefined) {
      const shown = (fields: Fields | undefined): string | null =>
        fields === undefined ? null : `[${section}]`;
      return [{ section, option: null, from: shown(from), to: shown(to), file: null, line: null }];
    }
    return optionChanges(section, from, to);
  });
}

/** What is not an option of its own, or is taken up by an update. */
const hidden: ReadonlySet<string> = new Set([
  'section',
  'origins',
  'environment',
  'logfile_path',
  'loglevel',
  'pidfile_path',
  'uid',
  'gid',
  'serverurl',
]);

const optionNames: Readonly<Record<string, string>> = { loglevel_name: 'loglevel' };

function optionChanges(section: string, from: Fields, to: Fields): readonly ReloadChange[] {
  const origins = (to['origins'] ?? {}) as Readonly<Record<string, Place | undefined>>;
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter((name) => !hidden.has(name));
  return names.flatMap((name) => {
    const [old, now] = [textOf(name, from[name]), textOf(name, to[name])];
    if (old === now) {
      return [];
    }
    const { file = null, line = null } = origins[name === 'password' ? 'has_password' : name] ?? {};
    return [
      {
        section,
        option: optionNames[name] ?? name,
        from: shownText(name, from[name]),
        to: shownText(name, to[name]),
        file,
        line,
      },
    ];
  });
}

/** As {@link textOf}, without secrets. */
function shownText(name: string, value: JsonValue | undefined): string | null {
  if (name === 'password') {
    return textOf(name, value) === null ? null : mask;
  }
  return textOf(
    name,
    name === 'options' ? maskSecrets((value ?? {}) as Readonly<Record<string, string>>) : value,
  );
}

interface Place {
  readonly file: string | null;
  readonly line: number | null;
}

function sectionsOf({ settings, origins }: Configured, overrides: DaemonOverrides): Map<string, Fields> {
  const view: View = {
    labelOf: (id) => id,
    origins: true,
    // What is told is masked by itself; a secret that has changed is a change.
    secrets: 'shown',
    configFile: settings.configFile,
    overrides,
  };
  const describer = new Describer(origins, view);
  return new Map<string, Fields>([
    ['supervisord', describer.daemon(settings.daemon)],
    ...settings.httpServers.map((server) => {
      const { has_password: _hasPassword, ...fields } = describer.server(server);
      return [server.section, { ...fields, password: server.credentials?.password ?? null }] as const;
    }),
    ...settings.rpcInterfaces.map(
      (plugin) => [`rpcinterface:${plugin.name}`, describer.rpcInterface(plugin)] as const,
    ),
  ]);
}

function textOf(name: string, value: JsonValue | undefined): string | null {
  if (value === null || value === undefined) {
    return null;
  }
  if (typeof value === 'number' && (name === 'umask' || name === 'chmod')) {
    return `0${value.toString(8)}`;
  }
  return typeof value === 'object' ? toJson(value).replaceAll(/\s+/g, ' ') : String(value);
}
