/**
 * Settings as JSON, for `supervisord --dump-config`: every value after expansion and defaults.
 */
import { Describer, type Fields, type View } from './describe.ts';
import { toJson } from './json.ts';
import type { LoadResult } from './load.ts';

export interface Dump {
  /** JSON with a line end. */
  readonly text: string;
  readonly exitCode: 0 | 2;
}

/** As the conformance corpus has it. */
const plainView: Omit<View, 'configFile'> = {
  labelOf: (id) => id,
  origins: false,
  secrets: 'shown',
  overrides: {},
};

/** B1 to B11 in one picture: what was understood, or the first error in the original's words. */
export function dumpConfig(result: LoadResult, view: Partial<View> = {}): Dump {
  if (!result.ok) {
    const { warnings, infos } = result.logLines;
    const error = { ok: false, error: result.problems[0].message, ...logFields(warnings, infos) };
    return { text: `${toJson(error)}\n`, exitCode: 2 };
  }
  const { settings, origins } = result;
  const describer = new Describer(origins, { ...plainView, configFile: settings.configFile, ...view });
  const description = {
    ok: true,
    ...logFields(settings.warnings, settings.infos),
    supervisord: describer.daemon(settings.daemon),
    http_servers: settings.httpServers.map((server) => describer.server(server)),
    rpcinterfaces: settings.rpcInterfaces.map((plugin) => describer.rpcInterface(plugin)),
    groups: settings.groups.map((group) => describer.group(group)),
  };
  return { text: `${toJson(description)}\n`, exitCode: 0 };
}

function logFields(warnings: readonly string[], infos: readonly string[]): Fields {
  return {
    warnings: warnings.length === 0 ? undefined : warnings,
    infos: infos.length === 0 ? undefined : infos,
  };
}
