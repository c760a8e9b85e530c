/**
 * From a configuration file to the settings of supervisorctl (B6).
 *
 * Only `[supervisorctl]` and `[ctlplugin:x]` of the file itself count; `[include]` is not followed.
 * Source: Supervisor manual, "[supervisorctl] Section Settings"; order of checks by observation.
 */
import { environmentNames } from './expansion.ts';
import { IniDocument } from './ini/sections.ts';
import { LoadContext, SectionReader } from './load/context.ts';
import { readMainFile } from './load/document.ts';
import { readPlugins } from './load/plugins.ts';
import { supervisorctlOptions as rows } from './options/supervisorctl.ts';
import type { Problem } from './problems.ts';
import { absolutePath, directoryOf, fullPath } from './python/paths.ts';
import type { ClientSettings, PluginSettings } from './settings.ts';
import type { World } from './world.ts';

const section = 'supervisorctl';

/** What the command line says instead of the file. */
export type ClientOverrides = Partial<
  Pick<ClientSettings, 'serverUrl' | 'username' | 'password' | 'historyFile'>
>;

export interface ClientLoadRequest {
  /** As given on the command line or found; null: there is none, and defaults are used (B1.2). */
  readonly configFile: string | null;
  readonly overrides?: ClientOverrides;
  readonly world: World;
}

export type ClientLoadResult =
  | { readonly ok: true; readonly settings: ClientSettings; readonly plugins: readonly PluginSettings[] }
  | { readonly ok: false; readonly problems: readonly [Problem, ...Problem[]] };

const defaults: ClientSettings = {
  serverUrl: rows.serverurl.fallback,
  username: null,
  password: null,
  prompt: rows.prompt.fallback,
  historyFile: null,
};

/** Reads a configuration for the client. */
export function loadClientSettings({
  configFile,
  overrides = {},
  world,
}: ClientLoadRequest): ClientLoadResult {
  if (configFile === null) {
    return { ok: true, settings: { ...defaults, ...overrides }, plugins: [] };
  }
  const context = new LoadContext({
    document: new IniDocument(),
    world,
    configFile,
    here: absolutePath(directoryOf(configFile), world.cwd),
    environment: environmentNames(world.env),
  });
  const settings = readMainFile(context) ? readClientSection(context) : defaults;
  const { plugins } = readPlugins(context, 'ctlplugin', 'supervisor.ctl_factory');
  const [first, ...rest] = context.problems.errors;
  return first === undefined
    ? { ok: true, settings: { ...settings, ...overrides }, plugins }
    : { ok: false, problems: [first, ...rest] };
}

function readClientSection(context: LoadContext): ClientSettings {
  const { world, document } = context;
  if (!document.has(section)) {
    context.error(section, '.ini file does not include supervisorctl section', {
      expected: 'a [supervisorctl] section, even an empty one',
    });
  }
  const plain = new SectionReader(context, section, new Map());
  const withHere = new SectionReader(context, section, new Map([['here', context.here]]));
  const serverUrl = withHere.read('serverurl', rows.serverurl);
  const prompt = plain.read('prompt', rows.prompt);
  const username = plain.read('username', rows.username);
  const password = plain.read('password', rows.password);
  const historyFile = withHere.read('history_file', rows.history_file);
  const scheme = 'unix://';
  return {
    serverUrl: serverUrl.startsWith(scheme)
      ? scheme + fullPath(serverUrl.slice(scheme.length), world)
      : serverUrl,
    prompt,
    username,
    password,
    historyFile: historyFile === null || historyFile === '' ? null : fullPath(historyFile, world),
  };
}
