/** What a running daemon and its groups are configured as, for people and machines. */
import { Describer, type View } from '../config/describe.ts';
import type { JsonValue } from '../config/json.ts';
import type { DaemonOverrides } from '../config/load/daemon.ts';
import type { Origins } from '../config/problems.ts';
import { type ReloadChange, reloadChanges } from '../config/reload-changes.ts';
import type { GroupSettings, Settings } from '../config/settings.ts';

/** A configuration that was read, and where its values come from. */
export interface Configuration {
  readonly settings: Settings;
  readonly origins: Origins;
}

/** A configuration, or why there is none, worded for people. */
export type ReadResult =
  ({ readonly ok: true } & Configuration) | { readonly ok: false; readonly message: string };

/** Remembers of every group in which configuration it was read, as long as something uses it. */
export class EffectiveConfig {
  readonly #started: Configuration;
  readonly #overrides: DaemonOverrides;
  readonly #origins = new WeakMap<GroupSettings, Origins>();

  /** `started`: what the daemon was started with; `overrides`: what its command line says over it. */
  constructor(started: Configuration, overrides: DaemonOverrides) {
    this.#started = started;
    this.#overrides = overrides;
    this.remember(started);
  }

  /** Another configuration was read, whose groups may become active. */
  remember({ settings, origins }: Configuration): void {
    for (const group of settings.groups) {
      this.#origins.set(group, origins);
    }
  }

  /** What of another configuration only a reload would take up. */
  reloadChanges(next: Configuration): readonly ReloadChange[] {
    return reloadChanges(this.#started, next, this.#overrides);
  }

  /** The fields of `supervisord --dump-config --origins`, with these groups. */
  describe(groups: readonly GroupSettings[], secrets: View['secrets']): JsonValue {
    const { settings, origins } = this.#started;
    const view: View = {
      labelOf: (id) => id,
      origins: true,
      secrets,
      configFile: settings.configFile,
      overrides: this.#overrides,
    };
    const describer = new Describer(origins, view);
    return {
      supervisord: describer.daemon(settings.daemon),
      http_servers: settings.httpServers.map((server) => describer.server(server)),
      rpcinterfaces: settings.rpcInterfaces.map((plugin) => describer.rpcInterface(plugin)),
      groups: groups.map((group) => new Describer(this.#origins.get(group) ?? origins, view).group(group)),
    };
  }
}
