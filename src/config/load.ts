/**
 * From a configuration file to settings.
 *
 * Text becomes lines, lines become sections, values are expanded, converted by the tables of options, and put
 * together. All problems are found in one go; the first is the one the original would have stopped at, in its
 * words. Nothing is thrown for a bad file, and nothing outside `world` is asked.
 * Source: Supervisor manual, "Configuration File"; order of checks by observation.
 */
import { checkDocument } from './check/document-checks.ts';
import { environmentNames } from './expansion.ts';
import { IniDocument } from './ini/sections.ts';
import { LoadContext, type LogLines } from './load/context.ts';
import { finishDaemonSettings, readDaemonSection, type DaemonOverrides } from './load/daemon.ts';
import { readIncludedFiles, readMainFile } from './load/document.ts';
import { readGroups } from './load/groups.ts';
import { readPlugins } from './load/plugins.ts';
import { readServers } from './load/servers.ts';
import type { Origins, Problem } from './problems.ts';
import { absolutePath, directoryOf } from './python/paths.ts';
import type { Settings } from './settings.ts';
import type { World } from './world.ts';

export interface LoadRequest {
  /** As given on the command line; messages show it so. */
  readonly configFile: string;
  /** What the command line says instead of `[supervisord]`. */
  readonly overrides?: DaemonOverrides;
  readonly world: World;
}

export type LoadResult =
  | {
      readonly ok: true;
      readonly settings: Settings;
      readonly origins: Origins;
      /** Warnings about what the original accepts in silence. */
      readonly problems: readonly Problem[];
      /** The places of `settings.warnings`, each once. */
      readonly notices: readonly Problem[];
    }
  | {
      readonly ok: false;
      /** Errors in the original's order, then warnings. */
      readonly problems: readonly [Problem, ...Problem[]];
      /** What would have been logged when the first error was met. */
      readonly logLines: LogLines;
      /** The places of all such warnings, each once. */
      readonly notices: readonly Problem[];
    };

/** Reads a configuration for the daemon. */
export function loadSettings({ configFile, overrides = {}, world }: LoadRequest): LoadResult {
  const context = new LoadContext({
    document: new IniDocument(),
    world,
    configFile,
    here: absolutePath(directoryOf(configFile), world.cwd),
    environment: environmentNames(world.env),
  });
  if (!readMainFile(context)) {
    return failure(context);
  }
  readIncludedFiles(context);
  if (!context.document.has('supervisord')) {
    context.error('supervisord', '.ini file does not include supervisord section', {
      expected: 'a [supervisord] section, even an empty one',
    });
  }
  const daemonValues = readDaemonSection(context);
  const { plugins: rpcInterfaces, eventTypes } = readPlugins(
    context,
    'rpcinterface',
    'supervisor.rpcinterface_factory',
  );
  const groups = readGroups(context, daemonValues.environment, eventTypes);
  const httpServers = readServers(context);
  const daemon = finishDaemonSettings(context, daemonValues, overrides, httpServers);
  if (context.failed) {
    return failure(context);
  }
  return {
    ok: true,
    settings: {
      configFile: absolutePath(configFile, world.cwd),
      daemon,
      httpServers,
      rpcInterfaces,
      groups,
      ...context.logLines,
    },
    origins: context,
    problems: checkDocument(context.document),
    notices: context.notices.warnings,
  };
}

function failure(context: LoadContext): LoadResult {
  const [first, ...rest] = context.problems.errors;
  if (first === undefined) {
    throw new Error('cannot fail without a problem');
  }
  return {
    ok: false,
    problems: [first, ...rest, ...checkDocument(context.document)],
    logLines: context.logLines,
    notices: context.notices.warnings,
  };
}
