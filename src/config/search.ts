/**
 * Finding the configuration file when none is named (B1.1 to B1.3).
 *
 * Source: Supervisor manual, "Configuration File"; texts by observation.
 */
import { directoryOf, joinPath } from './python/paths.ts';
import type { World } from './world.ts';

export type SearchResult =
  | { readonly ok: true; readonly configFile: string }
  /** The message belongs behind "Error: " for the daemon; the client goes on with defaults. */
  | { readonly ok: false; readonly message: string };

/**
 * The first that exists of the usual places.
 *
 * @param program Path of the program as it was called: the launcher, links not resolved. A configuration
 * belongs to the installation that the launcher's directory is part of.
 */
export function findConfigFile(world: Pick<World, 'fileExists'>, program: string): SearchResult {
  const installation = directoryOf(directoryOf(program));
  const places = [
    joinPath(installation, 'etc/supervisord.conf'),
    joinPath(installation, 'supervisord.conf'),
    'supervisord.conf',
    'etc/supervisord.conf',
    '/etc/supervisord.conf',
    '/etc/supervisor/supervisord.conf',
  ];
  const configFile = places.find((place) => world.fileExists(place));
  return configFile === undefined
    ? {
        ok: false,
        message:
          `No config file found at default paths (${places.join(', ')}); ` +
          'use the -c option to specify a config file at a different path',
      }
    : { ok: true, configFile };
}

/** B1.3: what root is told on stderr before a search, in the form in which Python prints a warning. */
export function searchWarning(program: string): string {
  return (
    `${program}: UserWarning: Supervisord is running as root and it is searching for its configuration file ` +
    'in default locations (including its current working directory); you probably want to specify a "-c" ' +
    'argument specifying an absolute path to a configuration file for improved security.\n'
  );
}
