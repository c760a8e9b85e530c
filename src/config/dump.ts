/**
 * Settings as JSON, for `supervisord --dump-config`: every value after expansion and defaults.
 *
 * Fields are named as in the configuration; passwords are not shown.
 */
import { toJson, type JsonValue } from './json.ts';
import type { LoadResult } from './load.ts';
import { logLevelNumbers } from './options/words.ts';
import type { Origins } from './problems.ts';
import { compareText } from './python/text.ts';
import type {
  DaemonSettings,
  FcgiSocketSettings,
  GroupSettings,
  HttpServerSettings,
  LogfileSetting,
  ProcessSettings,
  Settings,
  StreamSettings,
} from './settings.ts';

export interface Dump {
  /** JSON with a line end. */
  readonly text: string;
  readonly exitCode: 0 | 2;
}

/** How a user or group id is shown; the number itself unless an assumed machine has no number for it. */
export type IdLabel = (id: number) => number | string;

type Fields = Record<string, JsonValue | undefined>;

/** B1 to B11 in one picture: what was understood, or the first error in the original's words. */
export function dumpConfig(result: LoadResult, labelOf: IdLabel = (id) => id): Dump {
  if (!result.ok) {
    const { warnings, infos } = result.logLines;
    const error = { ok: false, error: result.problems[0].message, ...logFields(warnings, infos) };
    return { text: `${toJson(error)}\n`, exitCode: 2 };
  }
  return { text: `${toJson(new Dumper(result.origins, labelOf).settings(result.settings))}\n`, exitCode: 0 };
}

function logFields(warnings: readonly string[], infos: readonly string[]): Fields {
  return {
    warnings: warnings.length === 0 ? undefined : warnings,
    infos: infos.length === 0 ? undefined : infos,
  };
}

class Dumper {
  readonly #origins: Origins;
  readonly #labelOf: IdLabel;

  constructor(origins: Origins, labelOf: IdLabel) {
    this.#origins = origins;
    this.#labelOf = labelOf;
  }

  settings(settings: Settings): JsonValue {
    return {
      ok: true,
      ...logFields(settings.warnings, settings.infos),
      supervisord: this.#daemon(settings.daemon),
      http_servers: settings.httpServers.map((server) => this.#server(server)),
      rpcinterfaces: settings.rpcInterfaces.map(({ name, factory, options }) => ({ name, factory, options })),
      groups: settings.groups.map((group) => this.#group(group)),
    };
  }

  #daemon(daemon: DaemonSettings): Fields {
    const fields: Fields = {
      logfile: daemon.logfile,
      logfile_path: daemon.logfilePath,
      logfile_maxbytes: daemon.logfileMaxBytes,
      logfile_backups: daemon.logfileBackups,
      loglevel: logLevelNumbers[daemon.logLevel],
      loglevel_name: daemon.logLevel,
      pidfile: daemon.pidfile,
      pidfile_path: daemon.pidfilePath,
      umask: daemon.umask,
      nodaemon: daemon.nodaemon,
      silent: daemon.silent,
      minfds: daemon.minfds,
      minprocs: daemon.minprocs,
      directory: daemon.directory,
      user: daemon.user,
      uid: this.#id(daemon.uid),
      gid: this.#id(daemon.gid),
      identifier: daemon.identifier,
      childlogdir: daemon.childLogDir,
      nocleanup: daemon.nocleanup,
      strip_ansi: daemon.stripAnsi,
      environment: daemon.environment,
      serverurl: daemon.serverUrl,
    };
    return this.#exact(fields, daemon);
  }

  #server(server: HttpServerSettings): Fields {
    const common: Fields = {
      family: server.family,
      name: server.name,
      section: server.section,
      username: server.credentials?.username ?? null,
      has_password: server.credentials !== null,
    };
    return server.family === 'inet'
      ? { ...common, host: server.host, port: server.port }
      : { ...common, file: server.file, chmod: server.chmod, chown: server.chown.map((id) => this.#id(id)) };
  }

  #group(group: GroupSettings): Fields {
    const common: Fields = {
      kind: group.kind,
      name: group.name,
      priority: group.priority,
      processes: group.processes.map((process) => this.#process(process)),
    };
    switch (group.kind) {
      case 'group':
        return this.#exact(common, group);
      case 'eventlistener':
        return this.#exact(
          {
            ...common,
            buffer_size: group.bufferSize,
            result_handler: group.resultHandler,
            events: [...group.events].sort(compareText),
          },
          group,
        );
      case 'fcgi-program':
        return this.#exact({ ...common, socket: this.#socket(group.socket) }, group);
      default:
        return group satisfies never;
    }
  }

  #socket(socket: FcgiSocketSettings): Fields {
    const { url, backlog } = socket;
    return socket.kind === 'tcp'
      ? { url, host: socket.host, port: socket.port, backlog }
      : {
          url,
          path: socket.path,
          mode: socket.mode,
          owner: socket.owner?.map((id) => this.#id(id)) ?? null,
          backlog,
        };
  }

  #process(process: ProcessSettings): Fields {
    const fields: Fields = {
      kind: process.kind,
      name: process.name,
      command: process.command,
      directory: process.directory,
      umask: process.umask,
      priority: process.priority,
      autostart: process.autostart,
      autorestart: autorestartValues[process.autorestart],
      startsecs: process.startSecs,
      startretries: process.startRetries,
      uid: this.#id(process.uid),
      ...streamFields('stdout', process.stdout),
      ...streamFields('stderr', process.stderr),
      stopsignal: process.stopSignal,
      stopwaitsecs: process.stopWaitSecs,
      stopasgroup: process.stopAsGroup,
      killasgroup: process.killAsGroup,
      exitcodes: process.exitCodes,
      redirect_stderr: process.redirectStderr,
      environment: process.environment,
      serverurl: process.serverUrl,
    };
    return this.#exact(fields, process);
  }

  #id(id: number | null): number | string | null {
    return id === null ? null : this.#labelOf(id);
  }

  /** Puts the exact digits where a number had to be rounded. */
  #exact(fields: Fields, settings: object): Fields {
    const section = this.#origins.sectionOf(settings);
    const exact = Object.entries(fields).flatMap(([name, value]) => {
      const rounded = typeof value === 'number' && !Number.isSafeInteger(value);
      const digits = rounded && section !== null ? this.#origins.of(section, name)?.exact : null;
      return digits === null || digits === undefined ? [] : [[name, digits] as const];
    });
    return { ...fields, ...Object.fromEntries(exact) };
  }
}

const autorestartValues = { always: true, never: false, unexpected: 'unexpected' } as const;

function streamFields(name: 'stdout' | 'stderr', stream: StreamSettings): Fields {
  return {
    [`${name}_logfile`]: logfileValue(stream.logfile),
    [`${name}_logfile_maxbytes`]: stream.logfileMaxBytes,
    [`${name}_logfile_backups`]: stream.logfileBackups,
    [`${name}_capture_maxbytes`]: stream.captureMaxBytes,
    [`${name}_events_enabled`]: stream.eventsEnabled,
    [`${name}_syslog`]: stream.syslog,
  };
}

function logfileValue(logfile: LogfileSetting): string | null {
  switch (logfile.kind) {
    case 'path':
      return logfile.path;
    case 'auto':
      return 'AUTO';
    case 'none':
      return null;
    default:
      return logfile satisfies never;
  }
}
