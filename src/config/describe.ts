/**
 * Settings as plain values for people and machines: fields named as in the configuration, passwords never shown.
 *
 * On request each part also tells its section, and the file and line of every option that was written.
 */
import type { JsonValue } from './json.ts';
import { logLevelNumbers } from './options/words.ts';
import type { DaemonOverrides } from './load/daemon.ts';
import type { Origins } from './problems.ts';
import { compareText } from './python/text.ts';
import { maskSecrets } from './secrets.ts';
import type {
  DaemonSettings,
  FcgiSocketSettings,
  GroupSettings,
  HttpServerSettings,
  LogfileSetting,
  ProcessSettings,
  PluginSettings,
  StreamSettings,
} from './settings.ts';

export type Fields = Record<string, JsonValue | undefined>;

/** How settings are to be shown. */
export interface View {
  /** How a user or group id is shown: as itself, unless an assumed machine has no number for it. */
  labelOf(id: number): number | string;
  /** Whether to tell where values come from. */
  readonly origins: boolean;
  /** Whether variables of environments and options of plugins are shown whose names look like secrets. */
  readonly secrets: 'shown' | 'masked';
  /** Absolute path of the main file, which may have been given as a relative one; included files never are. */
  readonly configFile: string;
  /** What the command line says instead of `[supervisord]`; such a value has an origin without a file. */
  readonly overrides: DaemonOverrides;
}

export class Describer {
  readonly #origins: Origins;
  readonly #view: View;

  constructor(origins: Origins, view: View) {
    this.#origins = origins;
    this.#view = view;
  }

  daemon(daemon: DaemonSettings): Fields {
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
      environment: this.#values(daemon.environment),
      serverurl: daemon.serverUrl,
    };
    return this.#finish(fields, daemon);
  }

  server(server: HttpServerSettings): Fields {
    const common: Fields = {
      family: server.family,
      name: server.name,
      section: server.section,
      username: server.credentials?.username ?? null,
      has_password: server.credentials !== null,
    };
    const fields: Fields =
      server.family === 'inet'
        ? {
            ...common,
            host: server.host,
            port: server.port,
            ...(server.allowedHosts.length > 0 ? { allowed_hosts: server.allowedHosts } : {}),
            ...(server.trustedProxies.length > 0 ? { trusted_proxies: server.trustedProxies } : {}),
          }
        : {
            ...common,
            file: server.file,
            chmod: server.chmod,
            chown: server.chown.map((id) => this.#id(id)),
          };
    return this.#finish(fields, server);
  }

  rpcInterface(plugin: PluginSettings): Fields {
    const { name, factory, options } = plugin;
    return this.#finish({ name, factory: factory.name, options: this.#values(options) }, plugin);
  }

  group(group: GroupSettings): Fields {
    const common: Fields = {
      kind: group.kind,
      name: group.name,
      priority: group.priority,
      processes: group.processes.map((process) => this.#process(process)),
    };
    switch (group.kind) {
      case 'group':
        return this.#finish(common, group);
      case 'eventlistener':
        return this.#finish(
          {
            ...common,
            buffer_size: group.bufferSize,
            ...(group.lengthInBytes ? { length_in_bytes: true } : {}),
            result_handler: group.resultHandler.name,
            events: [...group.events].sort(compareText),
          },
          group,
        );
      case 'fcgi-program':
        return this.#finish({ ...common, socket: this.#socket(group.socket) }, group);
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
      environment: this.#values(process.environment),
      serverurl: process.serverUrl,
    };
    return this.#finish(fields, process);
  }

  #id(id: number | null): number | string | null {
    return id === null ? null : this.#view.labelOf(id);
  }

  /** Values whose names are free. */
  #values(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    return this.#view.secrets === 'masked' ? maskSecrets(values) : values;
  }

  /** Adds where the values come from, and puts the exact digits where a number had to be rounded. */
  #finish(fields: Fields, settings: object): Fields {
    const section = this.#origins.sectionOf(settings);
    if (section === null) {
      return fields;
    }
    const exact = Object.entries(fields).flatMap(([name, value]) => {
      const rounded = typeof value === 'number' && !Number.isSafeInteger(value);
      const digits = rounded ? this.#origins.of(section, name)?.exact : null;
      return digits === null || digits === undefined ? [] : [[name, digits] as const];
    });
    const described: Fields = { ...fields, ...Object.fromEntries(exact) };
    return this.#view.origins ? { ...described, section, origins: this.#places(fields, section) } : described;
  }

  /** Of the fields whose options were written somewhere; the others are defaults. */
  #places(fields: Fields, section: string): Fields {
    const places = Object.keys(fields).flatMap((name) => {
      const origin = this.#originOf(section, optionOfField[name] ?? name);
      return origin === null ? [] : [[name, origin] as const];
    });
    return Object.fromEntries(places);
  }

  #originOf(section: string, option: string): Fields | null {
    if (section === 'supervisord' && this.#isOverridden(option)) {
      return { file: null, line: null };
    }
    const origin = this.#origins.of(section, option);
    if (origin === null) {
      return null;
    }
    const file = origin.file.startsWith('/') ? origin.file : this.#view.configFile;
    return { file, line: origin.line };
  }

  /** The settings are named like the options but for case and underscores. */
  #isOverridden(option: string): boolean {
    const name = option.replaceAll('_', '');
    return Object.keys(this.#view.overrides).some((override) => override.toLowerCase() === name);
  }
}

/** Fields that are not named as the option they come from. */
const optionOfField: Readonly<Record<string, string>> = {
  logfile_path: 'logfile',
  loglevel_name: 'loglevel',
  pidfile_path: 'pidfile',
  uid: 'user',
  gid: 'user',
  has_password: 'password',
  host: 'port',
  factory: 'supervisor.rpcinterface_factory',
};

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
