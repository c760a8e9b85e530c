/**
 * The structs that `getAllConfigInfo` answers: the configuration read last, one struct a process.
 *
 * Source: checklist B18.16; `autorestart` is of the development branch. Members in the original's order.
 */
import type {
  AutorestartSetting,
  GroupSettings,
  LogfileSetting,
  ProcessSettings,
  StreamSettings,
} from '../config/settings.ts';
import type { ControlledProcess, SupervisorControl } from './supervisor-control.ts';
import type { XmlRpcStruct, XmlRpcValue } from './xml/value.ts';

/** By name of the process; those of the same name as they are configured. */
export function allConfigInfo(control: SupervisorControl): readonly XmlRpcStruct[] {
  return control.availableGroups
    .flatMap((group) => {
      const active = control.groups.get(group.name);
      return group.processes.map((process) => ({
        name: process.name,
        // Compat: the path of an AUTO log is known only of a group that runs with these very settings.
        info: configInfo(group, process, active !== undefined, (name) =>
          active?.settings === group ? (active.processes.get(name) ?? null) : null,
        ),
      }));
    })
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .map(({ info }) => info);
}

function configInfo(
  group: GroupSettings,
  settings: ProcessSettings,
  inUse: boolean,
  runningProcess: (name: string) => ControlledProcess | null,
): XmlRpcStruct {
  const running = runningProcess(settings.name);
  return {
    autostart: settings.autostart,
    autorestart: autorestartValues[settings.autorestart],
    directory: settings.directory ?? 'none',
    uid: settings.uid ?? 'none',
    command: settings.command,
    exitcodes: settings.exitCodes,
    group: group.name,
    group_prio: group.priority,
    inuse: inUse,
    killasgroup: settings.killAsGroup,
    name: settings.name,
    process_prio: settings.priority,
    redirect_stderr: settings.redirectStderr,
    startretries: settings.startRetries,
    startsecs: settings.startSecs,
    ...streamInfo('stdout', settings.stdout, running?.stdoutLogPath ?? null),
    stopsignal: settings.stopSignal,
    stopwaitsecs: settings.stopWaitSecs,
    ...streamInfo('stderr', settings.stderr, running?.stderrLogPath ?? null),
    serverurl: settings.serverUrl ?? 'none',
  };
}

const autorestartValues: Readonly<Record<AutorestartSetting, XmlRpcValue>> = {
  always: true,
  never: false,
  unexpected: 'unexpected',
};

function streamInfo(
  channel: 'stdout' | 'stderr',
  stream: StreamSettings,
  autoPath: string | null,
): XmlRpcStruct {
  return {
    [`${channel}_capture_maxbytes`]: stream.captureMaxBytes,
    [`${channel}_events_enabled`]: stream.eventsEnabled,
    [`${channel}_logfile`]: logfileText(stream.logfile, autoPath),
    [`${channel}_logfile_backups`]: stream.logfileBackups,
    [`${channel}_logfile_maxbytes`]: stream.logfileMaxBytes,
    [`${channel}_syslog`]: stream.syslog,
  };
}

function logfileText(logfile: LogfileSetting, autoPath: string | null): string {
  switch (logfile.kind) {
    case 'path':
      return logfile.path;
    case 'auto':
      return autoPath ?? 'auto';
    case 'none':
      return 'none';
  }
}
