/**
 * Settings: what a configuration file means, after expansion, defaults and checks.
 *
 * Plain data, named as in the configuration, sizes in bytes, times in seconds. Nothing in here knows where
 * it came from; `origins` beside it does.
 */

/** Where the output of one stream of a program goes: a path, a file made up by the daemon, or nowhere. */
export type LogfileSetting =
  { readonly kind: 'path'; readonly path: string } | { readonly kind: 'auto' } | { readonly kind: 'none' };

export type AutorestartSetting = 'always' | 'never' | 'unexpected';

/** Logging options that stdout and stderr have alike. */
export interface StreamSettings {
  readonly logfile: LogfileSetting;
  /** Bytes at which the file is rotated; 0: never. */
  readonly logfileMaxBytes: number;
  readonly logfileBackups: number;
  /** Bytes kept of a `<!--XSUPERVISOR:BEGIN-->` capture; 0: capture mode off. */
  readonly captureMaxBytes: number;
  readonly eventsEnabled: boolean;
  readonly syslog: boolean;
}

/** One process to run: a member of a program's `numprocs`. */
export interface ProcessSettings {
  readonly kind: 'program' | 'eventlistener' | 'fcgi-program';
  readonly name: string;
  readonly command: string;
  readonly directory: string | null;
  readonly umask: number | null;
  readonly priority: number;
  readonly autostart: boolean;
  readonly autorestart: AutorestartSetting;
  readonly startSecs: number;
  readonly startRetries: number;
  /** User id to run as; null: the daemon's own. */
  readonly uid: number | null;
  readonly stdout: StreamSettings;
  readonly stderr: StreamSettings;
  /** Signal number. */
  readonly stopSignal: number;
  readonly stopWaitSecs: number;
  readonly stopAsGroup: boolean;
  readonly killAsGroup: boolean;
  readonly exitCodes: readonly number[];
  readonly redirectStderr: boolean;
  /** The program's own variables over those of `[supervisord]`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Null: the daemon's own first server (AUTO). */
  readonly serverUrl: string | null;
}

/** A FastCGI socket shared by the processes of a group. */
export type FcgiSocketSettings =
  | {
      readonly kind: 'unix';
      readonly url: string;
      readonly path: string;
      readonly mode: number;
      /** User and group id, or null to leave the owner alone. */
      readonly owner: readonly [number, number] | null;
      readonly backlog: number | null;
    }
  | {
      readonly kind: 'tcp';
      readonly url: string;
      readonly host: string;
      readonly port: number;
      readonly backlog: number | null;
    };

interface GroupSettingsBase {
  readonly name: string;
  readonly priority: number;
  /** In the parser's own order: ascending by priority, then name. */
  readonly processes: readonly ProcessSettings[];
}

export type GroupSettings =
  | (GroupSettingsBase & { readonly kind: 'group' })
  | (GroupSettingsBase & { readonly kind: 'fcgi-program'; readonly socket: FcgiSocketSettings })
  | (GroupSettingsBase & {
      readonly kind: 'eventlistener';
      readonly bufferSize: number;
      /** Event type names, upper case, as written in the file. */
      readonly events: readonly string[];
      readonly resultHandler: PluginReference;
      /** Events tell their length in bytes instead of characters. */
      readonly lengthInBytes: boolean;
    });

export type HttpServerSettings = {
  /** Section header, such as `inet_http_server` or `unix_http_server:admin`. */
  readonly section: string;
  /** What follows the colon of the section, if anything. */
  readonly name: string | null;
  /** Both or neither; the password is in one of the forms of `stored-password.ts`. */
  readonly credentials: { readonly username: string; readonly password: string } | null;
} & (
  | {
      readonly family: 'inet';
      /** Empty: all addresses. */
      readonly host: string;
      readonly port: number;
      /** Patterns of further names that it may be asked for by. */
      readonly allowedHosts: readonly string[];
      /** Addresses and networks of proxies whose word on the address of a client is believed. */
      readonly trustedProxies: readonly string[];
    }
  | {
      readonly family: 'unix';
      readonly file: string;
      readonly chmod: number;
      /** User and group id; -1: leave alone. */
      readonly chown: readonly [number, number];
    }
);

/** A plugin as a configuration names it. */
export interface PluginReference {
  /** As it stands in the file. */
  readonly name: string;
  /** Absolute; where a relative path in the name starts. */
  readonly directory: string;
}

/** A plugin section: what follows its colon, what makes the plugin, and all other options, which are for that. */
export interface PluginSettings {
  readonly name: string;
  readonly factory: PluginReference;
  readonly options: Readonly<Record<string, string>>;
}

export type LogLevel = 'critical' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'blather';

/** `[supervisord]` after defaults, with the command line over it. */
export interface DaemonSettings {
  /** As configured; the text `syslog` sends the activity log there. */
  readonly logfile: string;
  /** `logfile` made absolute (`syslog` stays as it is). */
  readonly logfilePath: string;
  readonly logfileMaxBytes: number;
  readonly logfileBackups: number;
  readonly logLevel: LogLevel;
  readonly pidfile: string;
  readonly pidfilePath: string;
  readonly umask: number;
  readonly nodaemon: boolean;
  readonly silent: boolean;
  readonly minfds: number;
  readonly minprocs: number;
  readonly directory: string | null;
  readonly user: string | null;
  /** Of `user`. */
  readonly uid: number | null;
  readonly gid: number | null;
  readonly identifier: string;
  readonly childLogDir: string;
  readonly nocleanup: boolean;
  readonly stripAnsi: boolean;
  readonly environment: Readonly<Record<string, string>>;
  /** What children with `serverurl=AUTO` are given; null without any server. */
  readonly serverUrl: string | null;
}

/** A whole configuration as the daemon uses it. */
export interface Settings {
  /** Absolute path of the file it was read from. */
  readonly configFile: string;
  readonly daemon: DaemonSettings;
  readonly httpServers: readonly HttpServerSettings[];
  readonly rpcInterfaces: readonly PluginSettings[];
  /** Sorted by priority, then name. */
  readonly groups: readonly GroupSettings[];
  /** Lines for the activity log once it is open, in this order of severity. */
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

/** `[supervisorctl]` after defaults. */
export interface ClientSettings {
  readonly serverUrl: string;
  readonly username: string | null;
  readonly password: string | null;
  readonly prompt: string;
  readonly historyFile: string | null;
}
