/**
 * The environment of a child.
 *
 * Source: Supervisor manual, "Subprocess environment"; the order of precedence as observed.
 */
import type { ProcessSettings } from '../config/settings.ts';

/** What children learn of the daemon they run under. */
export interface DaemonIdentity {
  /** The daemon's own environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Address of the first server; null without one. */
  readonly serverUrl: string | null;
}

/** Where commands are looked for when nobody sets PATH. */
const defaultPath = ['/bin', '/usr/bin', '/usr/local/bin'];

/** The complete environment as `KEY=value` entries: the daemon's, then what Supervisor adds, then the program's. */
export function childEnvironment(
  settings: ProcessSettings,
  groupName: string,
  daemon: DaemonIdentity,
): readonly string[] {
  const serverUrl = settings.serverUrl ?? daemon.serverUrl;
  const merged: Record<string, string | undefined> = {
    ...daemon.env,
    SUPERVISOR_ENABLED: '1',
    ...(serverUrl === null || serverUrl === '' ? {} : { SUPERVISOR_SERVER_URL: serverUrl }),
    SUPERVISOR_PROCESS_NAME: settings.name,
    SUPERVISOR_GROUP_NAME: groupName,
    ...settings.environment,
  };
  return Object.entries(merged).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]));
}

/** The folders in which a command without a slash is looked for: the program's own PATH, or the daemon's. */
export function commandPath(settings: ProcessSettings, daemon: DaemonIdentity): readonly string[] {
  const own = settings.environment['PATH'];
  if (own !== undefined) {
    return own.split(':');
  }
  const inherited = daemon.env['PATH'];
  return inherited === undefined || inherited === '' ? defaultPath : inherited.split(':');
}
