/**
 * The settings of a run: the configuration file, with the command line over it.
 */
import { loadClientSettings } from '../config/load-client.ts';
import type { ClientOverrides } from '../config/load-client.ts';
import { nodeWorld } from '../config/node-world.ts';
import { describeProblems } from '../config/problem-text.ts';
import { findConfigFile } from '../config/search.ts';
import type { ClientSettings, PluginSettings } from '../config/settings.ts';
import { userFiles } from '../config/user-files.ts';
import type { TriedServer } from './connection-hint.ts';
import type { CommandLine } from './options.ts';

export interface LoadedSettings {
  readonly settings: ClientSettings;
  readonly serverUrlOrigin: TriedServer['origin'];
  /** What was named or found; null: there is none. */
  readonly configFile: string | null;
  /** What adds commands. */
  readonly plugins: readonly PluginSettings[];
}

export type SettingsResult =
  | ({ readonly ok: true } & LoadedSettings)
  /** The message belongs behind "Error: ". */
  | { readonly ok: false; readonly message: string };

/**
 * Reads the named configuration file, or the first at the usual places; without any, defaults (B1.2).
 *
 * @param program path of the program, around which some of those places are.
 */
export function readSettings(commandLine: CommandLine, program: string): SettingsResult {
  const world = nodeWorld(userFiles());
  const found = commandLine.configFile === null ? findConfigFile(world, program) : null;
  const configFile = found?.ok === true ? found.configFile : commandLine.configFile;
  const result = loadClientSettings({ configFile, overrides: overridesOf(commandLine), world });
  return result.ok
    ? {
        ok: true,
        settings: result.settings,
        serverUrlOrigin: commandLine.serverUrl === null ? { kind: 'file' } : { kind: 'other', name: '-s' },
        configFile,
        plugins: result.plugins,
      }
    : { ok: false, message: describeProblems(result.problems, configFile ?? '') };
}

function overridesOf({ serverUrl, username, password, historyFile }: CommandLine): ClientOverrides {
  return {
    ...(serverUrl === null ? {} : { serverUrl }),
    ...(username === null ? {} : { username }),
    ...(password === null ? {} : { password }),
    ...(historyFile === null ? {} : { historyFile }),
  };
}
