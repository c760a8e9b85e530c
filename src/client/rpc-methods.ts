/**
 * The methods of the XML-RPC API with their parameters and results.
 *
 * Generated from the tables in `src/rpc/methods/` by a test, which keeps it true (update: npm test -- -u).
 */

/** The daemon's own state, such as 1 and `RUNNING`. */
export interface SupervisorState {
  readonly statecode: number;
  readonly statename: 'FATAL' | 'RUNNING' | 'RESTARTING' | 'SHUTDOWN';
}

/** One process; times in seconds since the epoch, 0 for never. */
export interface ProcessInfo {
  readonly name: string;
  readonly group: string;
  /** The last start. */
  readonly start: number;
  /** The last end. */
  readonly stop: number;
  /** The time of the answer. */
  readonly now: number;
  readonly state: number;
  readonly statename: 'STOPPED' | 'STARTING' | 'RUNNING' | 'BACKOFF' | 'STOPPING' | 'EXITED' | 'FATAL' | 'UNKNOWN';
  /** Why the last start failed; empty if it did not. */
  readonly spawnerr: string;
  /** Exit code of the last run, -1 when a signal ended it; 0 also when there is none. */
  readonly exitstatus: number;
  /** The older name of stdout_logfile. */
  readonly logfile: string;
  readonly stdout_logfile: string;
  readonly stderr_logfile: string;
  /** 0 when nothing runs. */
  readonly pid: number;
  /** One line for people. */
  readonly description: string;
}

/** One process as configured. */
export interface ConfigInfo {
  readonly autostart: boolean;
  readonly autorestart: boolean | 'unexpected';
  /** `none` for the daemon's own. */
  readonly directory: string;
  /** `none` for the daemon's own. */
  readonly uid: number | 'none';
  readonly command: string;
  readonly exitcodes: readonly number[];
  readonly group: string;
  readonly group_prio: number;
  /** Whether the group is active. */
  readonly inuse: boolean;
  readonly killasgroup: boolean;
  readonly name: string;
  readonly process_prio: number;
  readonly redirect_stderr: boolean;
  readonly startretries: number;
  readonly startsecs: number;
  readonly stdout_capture_maxbytes: number;
  readonly stdout_events_enabled: boolean;
  /** A path, `auto` or `none`. */
  readonly stdout_logfile: string;
  readonly stdout_logfile_backups: number;
  readonly stdout_logfile_maxbytes: number;
  readonly stdout_syslog: boolean;
  readonly stopsignal: number;
  readonly stopwaitsecs: number;
  readonly stderr_capture_maxbytes: number;
  readonly stderr_events_enabled: boolean;
  /** A path, `auto` or `none`. */
  readonly stderr_logfile: string;
  readonly stderr_logfile_backups: number;
  readonly stderr_logfile_maxbytes: number;
  readonly stderr_syslog: boolean;
  readonly serverurl: string;
}

/** How a method went for one of several processes. */
export interface ProcessOutcome {
  readonly name: string;
  readonly group: string;
  /** A fault code; 80, SUCCESS, when it went well. */
  readonly status: number;
  readonly description: string;
}

/** What an update would do to a group. */
export interface GroupPlan {
  readonly name: string;
  readonly change: string;
  readonly how: string;
  readonly options: readonly ChangedOption[];
  readonly processes: readonly ProcessPlan[];
}

/** An option that differs, as a configuration file has it. */
export interface ChangedOption {
  readonly option: string;
  /** Of `environment`: the variable that differs. */
  readonly variable?: string;
  readonly from?: string;
  readonly to?: string;
  readonly applies: string;
  /** Where the new value is written. */
  readonly file?: string;
  readonly line?: number;
}

/** What an update would do to a process. */
export interface ProcessPlan {
  readonly name: string;
  readonly membership: string;
  readonly action: string;
  readonly options: readonly ChangedOption[];
}

/** What of the configuration needs a reload. */
export interface ReloadChange {
  readonly section: string;
  /** Unless the section as a whole came or went. */
  readonly option?: string;
  readonly from?: string;
  readonly to?: string;
  /** Where the new value is written. */
  readonly file?: string;
  readonly line?: number;
}

/** One thing that an update has done. */
export interface UpdateOutcome {
  readonly group: string;
  /** Unless it is the group as a whole. */
  readonly process?: string;
  readonly done: string;
  /** Why it could not be done. */
  readonly problem?: string;
}

/** By full name. */
export interface RpcMethods {
  /** Tells the version of this API. Result: The version. */
  readonly 'supervisor.getAPIVersion': {
    readonly params: readonly [];
    readonly result: string;
  };
  /** Tells the version of this API. Result: The version. */
  readonly 'supervisor.getVersion': {
    readonly params: readonly [];
    readonly result: string;
  };
  /** Tells the version of the daemon. Result: The version. */
  readonly 'supervisor.getSupervisorVersion': {
    readonly params: readonly [];
    readonly result: string;
  };
  /** Tells the configured `identifier` of the daemon. Result: The identifier. */
  readonly 'supervisor.getIdentification': {
    readonly params: readonly [];
    readonly result: string;
  };
  /** Tells the state of the daemon: FATAL 2, RUNNING 1, RESTARTING 0, SHUTDOWN -1. Result: The daemon's own state, such as 1 and `RUNNING`. */
  readonly 'supervisor.getState': {
    readonly params: readonly [];
    readonly result: SupervisorState;
  };
  /** Tells the process id of the daemon. Result: The process id. */
  readonly 'supervisor.getPID': {
    readonly params: readonly [];
    readonly result: number;
  };
  /** Reads from the activity log. Result: The text. */
  readonly 'supervisor.readLog': {
    readonly params: readonly [offset: number, length: number];
    readonly result: string;
  };
  /** Reads from the activity log. Result: The text. */
  readonly 'supervisor.readMainLog': {
    readonly params: readonly [offset: number, length: number];
    readonly result: string;
  };
  /** Empties the activity log. Result: True. */
  readonly 'supervisor.clearLog': {
    readonly params: readonly [];
    readonly result: boolean;
  };
  /** Stops all processes and then the daemon. Result: True, at once. */
  readonly 'supervisor.shutdown': {
    readonly params: readonly [];
    readonly result: boolean;
  };
  /** Stops all processes, reads the configuration and starts anew, under the same process id. Result: True, at once. */
  readonly 'supervisor.restart': {
    readonly params: readonly [];
    readonly result: boolean;
  };
  /** Reads the configuration again, for addProcessGroup to use, and tells what differs from what is active. Result: [[added, changed, removed]], each an array of names of groups. */
  readonly 'supervisor.reloadConfig': {
    readonly params: readonly [];
    readonly result: readonly [readonly [readonly string[], readonly string[], readonly string[]]];
  };
  /** Makes a group of the configuration active and starts what starts by itself. Result: True. */
  readonly 'supervisor.addProcessGroup': {
    readonly params: readonly [name: string];
    readonly result: boolean;
  };
  /** Makes a group of which nothing runs inactive. Result: True. */
  readonly 'supervisor.removeProcessGroup': {
    readonly params: readonly [name: string];
    readonly result: boolean;
  };
  /** Tells about one process. Result: One process; times in seconds since the epoch, 0 for never. */
  readonly 'supervisor.getProcessInfo': {
    readonly params: readonly [name: string];
    readonly result: ProcessInfo;
  };
  /** Tells about all processes. Result: The structs of getProcessInfo, by name of the group, then of the process. */
  readonly 'supervisor.getAllProcessInfo': {
    readonly params: readonly [];
    readonly result: readonly ProcessInfo[];
  };
  /** Tells the configuration read last, whether its groups are active or not. Result: A struct of options for each process, by name; `none` and `auto` are texts. */
  readonly 'supervisor.getAllConfigInfo': {
    readonly params: readonly [];
    readonly result: readonly ConfigInfo[];
  };
  /** Starts a process, or with `group:*` all of a group. Result: True; for a whole group the array of startProcessGroup. */
  readonly 'supervisor.startProcess': {
    readonly params: readonly [name: string, wait?: boolean];
    readonly result: boolean | readonly ProcessOutcome[];
  };
  /** Starts those processes of a group that are not running, lowest priority first. Result: One struct a process: name, group, status (80 or a fault code), description. */
  readonly 'supervisor.startProcessGroup': {
    readonly params: readonly [name: string, wait?: boolean];
    readonly result: readonly ProcessOutcome[];
  };
  /** Starts all processes that are not running, lowest priority first. Result: One struct a process: name, group, status (80 or a fault code), description. */
  readonly 'supervisor.startAllProcesses': {
    readonly params: readonly [wait?: boolean];
    readonly result: readonly ProcessOutcome[];
  };
  /** Stops a process, or with `group:*` all of a group. Result: True; for a whole group the array of stopProcessGroup. */
  readonly 'supervisor.stopProcess': {
    readonly params: readonly [name: string, wait?: boolean];
    readonly result: boolean | readonly ProcessOutcome[];
  };
  /** Stops those processes of a group that are running, lowest priority first. Result: One struct a process: name, group, status (80 or a fault code), description. */
  readonly 'supervisor.stopProcessGroup': {
    readonly params: readonly [name: string, wait?: boolean];
    readonly result: readonly ProcessOutcome[];
  };
  /** Stops all processes that are running, lowest priority first and without waiting in between. Result: One struct a process: name, group, status (80 or a fault code), description. */
  readonly 'supervisor.stopAllProcesses': {
    readonly params: readonly [wait?: boolean];
    readonly result: readonly ProcessOutcome[];
  };
  /** Sends a signal to a process, or with `group:*` to all of a group. Result: True; for a whole group the array of signalProcessGroup. */
  readonly 'supervisor.signalProcess': {
    readonly params: readonly [name: string, signal: string];
    readonly result: boolean | readonly ProcessOutcome[];
  };
  /** Sends a signal to those processes of a group that are running. Result: One struct a process: name, group, status (80 or a fault code), description. */
  readonly 'supervisor.signalProcessGroup': {
    readonly params: readonly [name: string, signal: string];
    readonly result: readonly ProcessOutcome[];
  };
  /** Sends a signal to all processes that are running. Result: One struct a process: name, group, status (80 or a fault code), description. */
  readonly 'supervisor.signalAllProcesses': {
    readonly params: readonly [signal: string];
    readonly result: readonly ProcessOutcome[];
  };
  /** Reads from the stdout log of a process. Result: The text. */
  readonly 'supervisor.readProcessStdoutLog': {
    readonly params: readonly [name: string, offset: number, length: number];
    readonly result: string;
  };
  /** Reads from the stdout log of a process. Result: The text. */
  readonly 'supervisor.readProcessLog': {
    readonly params: readonly [name: string, offset: number, length: number];
    readonly result: string;
  };
  /** Reads from the stderr log of a process. Result: The text. */
  readonly 'supervisor.readProcessStderrLog': {
    readonly params: readonly [name: string, offset: number, length: number];
    readonly result: string;
  };
  /** Reads the end of the stdout log of a process, for clients that ask again with the offset they were given. Result: [text, offset for the next call, whether more was written than was asked for]. */
  readonly 'supervisor.tailProcessStdoutLog': {
    readonly params: readonly [name: string, offset: number, length: number];
    readonly result: readonly [string, number, boolean];
  };
  /** Reads the end of the stdout log of a process, for clients that ask again with the offset they were given. Result: [text, offset for the next call, whether more was written than was asked for]. */
  readonly 'supervisor.tailProcessLog': {
    readonly params: readonly [name: string, offset: number, length: number];
    readonly result: readonly [string, number, boolean];
  };
  /** Reads the end of the stderr log of a process, for clients that ask again with the offset they were given. Result: [text, offset for the next call, whether more was written than was asked for]. */
  readonly 'supervisor.tailProcessStderrLog': {
    readonly params: readonly [name: string, offset: number, length: number];
    readonly result: readonly [string, number, boolean];
  };
  /** Empties the logs of a process. Result: True. */
  readonly 'supervisor.clearProcessLogs': {
    readonly params: readonly [name: string];
    readonly result: boolean;
  };
  /** Empties the logs of a process. Result: True. */
  readonly 'supervisor.clearProcessLog': {
    readonly params: readonly [name: string];
    readonly result: boolean;
  };
  /** Empties the logs of all processes. Result: One struct a process: name, group, status (80 or a fault code), description. */
  readonly 'supervisor.clearAllProcessLogs': {
    readonly params: readonly [];
    readonly result: readonly ProcessOutcome[];
  };
  /** Writes to the stdin of a running process. Result: True. */
  readonly 'supervisor.sendProcessStdin': {
    readonly params: readonly [name: string, chars: string];
    readonly result: boolean;
  };
  /** Publishes a REMOTE_COMMUNICATION event. Result: True. */
  readonly 'supervisor.sendRemoteCommEvent': {
    readonly params: readonly [type: string, data: string];
    readonly result: boolean;
  };
  /** Reads the configuration and tells what `update` would do. Nothing is changed. Result: A struct for each group: name, change, how, options, processes; with texts as a configuration file has them, and those that have no value left out. */
  readonly 'supervisord_ts.planUpdate': {
    readonly params: readonly [mode: 'groups' | 'minimal', groups: readonly string[]];
    readonly result: readonly GroupPlan[];
  };
  /** Reads the configuration and tells what of it no update takes up, but a reload: settings of the daemon, its servers and interfaces. Nothing is changed. Result: A struct for each option: section, option (unless the section came or went), from, to, file, line; those that have no value are left out. */
  readonly 'supervisord_ts.planReload': {
    readonly params: readonly [];
    readonly result: readonly ReloadChange[];
  };
  /** Reads the configuration and acts on it, all of it or nothing; answers when what had to stop has. Result: A struct for each thing done: group, process (unless it is the group), done, problem (if any). */
  readonly 'supervisord_ts.update': {
    readonly params: readonly [mode: 'groups' | 'minimal', groups: readonly string[]];
    readonly result: readonly UpdateOutcome[];
  };
  /** Lists the names of all methods. Result: Full names, sorted. */
  readonly 'system.listMethods': {
    readonly params: readonly [];
    readonly result: readonly string[];
  };
  /** Tells what a method does. Result: A text with lines that start with @param and @return. */
  readonly 'system.methodHelp': {
    readonly params: readonly [name: string];
    readonly result: string;
  };
  /** Tells the types of the result and of the parameters of a method. Result: The type of the result, then those of the parameters. */
  readonly 'system.methodSignature': {
    readonly params: readonly [name: string];
    readonly result: readonly string[];
  };
  /** Makes several calls, one after the other. Result: For each call its bare result, or a struct of faultCode and faultString. */
  readonly 'system.multicall': {
    readonly params: readonly [calls: readonly unknown[]];
    readonly result: readonly unknown[];
  };
}
