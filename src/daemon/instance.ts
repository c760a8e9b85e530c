/**
 * One life of the daemon, from a configuration that was read to the end of everything it started.
 *
 * The order of the steps is the point of this file: nothing is touched before the sockets are ours, and what was opened
 * first is closed last.
 */
import type { DaemonOverrides } from '../config/load/daemon.ts';
import type { LogLevel, Settings } from '../config/settings.ts';
import { EventBus } from '../events/bus.ts';
import { type HttpAppDeps, makeHttpApp } from '../http/app.ts';
import { MemoryKeeper } from '../http/limits/memory-keeper.ts';
import { nodeMemory } from '../system/node-memory.ts';
import { type HttpServers, openHttpServers } from '../http/open-servers.ts';
import type { StaticAssets } from '../http/static-route.ts';
import { ActivityLog } from '../logging/activity-log.ts';
import { AutoLogs } from '../logging/auto-log.ts';
import type { LogOutlets } from '../logging/log-outlets.ts';
import type { ChannelContext } from '../logging/channel-options.ts';
import { type LogMessage, withLines } from '../logging/log-text.ts';
import { readBufferBytes } from '../logging/pipe-reader.ts';
import { WidePipes } from '../logging/wide-pipes.ts';
import { ReadPacer } from '../logging/read-pacer.ts';
import type { WriteNotices } from '../logging/write-notices.ts';
import type { Cause } from '../process/record.ts';
import { PipeStdin } from '../process/stdin.ts';
import { AwaitedAnswer } from '../system/answers.ts';
import type { Clock } from '../system/clock.ts';
import { spawnDescriptors } from '../system/descriptor-reserve.ts';
import { packageVersion } from '../system/version.ts';
import type { BackgroundLaunch } from './detach.ts';
import { raiseLimits } from './limits.ts';
import type { Machine } from './machine.ts';
import { makeOutputs } from './outputs.ts';
import { Pidfile } from './pidfile.ts';
import type { ServiceManager } from './service-manager.ts';
import { reportToServiceManager } from './service-status.ts';
import { takePrivileges } from './privileges.ts';
import { restartProblem } from './restart-check.ts';
import { RpcInterfaces } from './rpc-interfaces.ts';
import type { Configuration, ReadResult } from './effective-config.ts';
import { type Ending, Supervisor } from './supervisor.ts';

/** How long the start waits until the AUTO logs of earlier daemons are gone. */
const clearingPatienceMs = 250;

export interface InstanceRequest {
  readonly configuration: Configuration;
  readonly overrides: DaemonOverrides;
  /** Lines about what the configuration says in vain. */
  readonly warnings: readonly string[];
  /** Why a restart with another configuration has failed, so that this one is used again; null: none has. */
  readonly failedRestart: string | null;
  readonly machine: Machine;
  readonly service: ServiceManager;
  /** The soft limit of open files that the daemon was started with. */
  readonly softNofile: number;
  readonly assets: StaticAssets;
  /** The first life of this process; later ones follow a restart. */
  readonly isFirst: boolean;
  /** Set in the background, in the first life. */
  readonly background: BackgroundLaunch | null;
  /** Reads the configuration again, beside what runs. */
  readSettings(): Promise<ReadResult>;
}

/** A usage error, worded for the terminal. */
export interface StartFailure {
  readonly failure: string;
}

/** Runs until everything has been stopped. */
export async function runInstance(request: InstanceRequest): Promise<Ending | StartFailure> {
  const { machine } = request;
  const { settings } = request.configuration;
  const prepared = prepareProcess(request);
  if (!prepared.ok) {
    return { failure: prepared.message };
  }
  const memory = new MemoryKeeper(nodeMemory(machine.binding), machine.clock);
  const opened = await openHttpServers(settings.httpServers, {
    pid: process.pid,
    warn: (text) => void process.stderr.write(text),
    maxDescriptors: machine.limits.get('NOFILE').soft,
    memory,
  });
  if (!opened.ok) {
    return { failure: opened.message };
  }
  const releaseLogs = admitLogs(settings, machine);
  const logs = openLogs(settings, machine);
  if ('failure' in logs) {
    await opened.servers.close();
    releaseLogs();
    return logs;
  }
  try {
    for (const [level, message] of prepared.lines) {
      logs.activityLog.log(level, message);
    }
    return await supervise(request, { servers: opened.servers, memory }, logs);
  } finally {
    await opened.servers.close();
    await new Promise<void>((resolve) => logs.outlets.close(resolve));
    logs.activityLog.close();
    releaseLogs();
  }
}

type LogLine = readonly [LogLevel, LogMessage];

type Prepared =
  | { readonly ok: true; readonly lines: readonly LogLine[] }
  | { readonly ok: false; readonly message: string };

/** User and limits. The lines are in the original's order: criticals, warnings, infos. */
function prepareProcess({
  configuration,
  warnings,
  failedRestart,
  machine,
  isFirst,
  softNofile,
}: InstanceRequest): Prepared {
  const { settings } = configuration;
  const privileges = takePrivileges(settings.daemon, machine);
  if (!privileges.ok) {
    return privileges;
  }
  const limits = isFirst ? raiseOwnLimits(settings, machine, softNofile) : { ok: true as const, infos: [] };
  if (!limits.ok) {
    return limits;
  }
  const criticals = [...(failedRestart === null ? [] : [failedRestart]), ...privileges.criticals];
  const infos = [...settings.infos, ...privileges.infos, ...limits.infos];
  const line =
    (level: LogLevel) =>
    (message: string): LogLine => [level, withLines(message)];
  return {
    ok: true,
    lines: [
      ...criticals.map(line('critical')),
      ...[...settings.warnings, ...warnings].map(line('warn')),
      ...infos.map(line('info')),
    ],
  };
}

/** Children get the limit of open files that the daemon was started with, or `minfds` where that is more. */
function raiseOwnLimits(
  settings: Settings,
  machine: Machine,
  softNofile: number,
): ReturnType<typeof raiseLimits> {
  const raised = raiseLimits(settings.daemon, machine.limits, softNofile);
  const { hard } = machine.limits.get('NOFILE');
  machine.system.limitChildFiles({ soft: Math.max(softNofile, settings.daemon.minfds), hard });
  return raised;
}

/** Makes good the links that lead to the daemon's own logs now; returns what ends that. */
function admitLogs({ daemon }: Settings, { io, files }: Machine): () => void {
  const releases = [io.admit(daemon.logfilePath, null), files.admit(daemon.childLogDir, null)];
  return () => releases.forEach((release) => release());
}

interface Logs {
  readonly outlets: LogOutlets;
  readonly notices: WriteNotices;
  readonly activityLog: ActivityLog;
}

function openLogs(
  { daemon }: Settings,
  { io, files, clock, syslog, notices, outlets }: Machine,
): Logs | StartFailure {
  const activityLog = ActivityLog.open(
    {
      level: daemon.logLevel,
      logfile: daemon.logfilePath,
      limits: { maxBytes: daemon.logfileMaxBytes, backups: daemon.logfileBackups },
      copiesToStdout: daemon.nodaemon && !daemon.silent,
    },
    { io, files, clock, outlets, syslog, printError: (line) => void process.stderr.write(`${line}\n`) },
  );
  return typeof activityLog === 'string'
    ? { failure: `cannot open the activity log ${daemon.logfilePath}: ${activityLog}` }
    : { outlets, notices, activityLog };
}

interface Served {
  readonly servers: HttpServers;
  readonly memory: MemoryKeeper;
}

async function supervise(
  request: InstanceRequest,
  served: Served,
  logs: Logs,
): Promise<Ending | StartFailure> {
  const undo: (() => void)[] = [];
  try {
    return await superviseUntilEnd(request, served, logs, undo);
  } finally {
    for (const step of undo.reverse()) {
      step();
    }
  }
}

/** `undo` collects what takes back the steps done so far, to be called in reverse even if a later step throws. */
async function superviseUntilEnd(
  request: InstanceRequest,
  { servers, memory }: Served,
  logs: Logs,
  undo: (() => void)[],
): Promise<Ending | StartFailure> {
  const { configuration, overrides, machine, background } = request;
  const { settings } = configuration;
  const { activityLog, outlets, notices } = logs;
  const { clock, io, files, reader, syslog, system, children, serials, errors, proc, journal } = machine;
  const log = (level: LogLevel, message: LogMessage): void => activityLog.log(level, message);
  undo.push(
    errors.attach((message) => log('critical', withLines(message))),
    stayAlive(),
  );
  const { childLogDir, identifier, stripAnsi } = settings.daemon;
  const autoLogs = new AutoLogs(files, childLogDir, identifier);
  undo.push(() => autoLogs.end());
  if (!settings.daemon.nocleanup) {
    await clearAutoLogs(autoLogs, clock, (warning) => activityLog.warn(warning));
  }
  const channels: ChannelContext = {
    io,
    clock,
    outlets,
    syslog,
    log: activityLog,
    pacer: new ReadPacer(clock),
    widePipes: new WidePipes(io),
    buffer: Buffer.allocUnsafeSlow(readBufferBytes),
  };
  const bus = new EventBus((error, event) => errors.report(`a subscriber of ${event.type}`, error));
  const isOpenToNetwork = settings.httpServers.some(({ family }) => family === 'inet');
  system.keepReserve(isOpenToNetwork ? spawnDescriptors : 0);
  undo.push(() => system.keepReserve(0));
  const supervisor = new Supervisor({
    version: packageVersion,
    configuration,
    overrides,
    system,
    openStdin: (fd) => new PipeStdin(fd, io),
    clock,
    children,
    bus,
    activityLog,
    proc,
    journal,
    env: process.env,
    serials,
    errors,
    makeOutputs: (process, groupName, heard) =>
      makeOutputs(process, groupName, { channels, bus, heard, autoLogs, files, stripAnsi }),
    readSettings: () => request.readSettings(),
    restartProblem: (next) => restartProblem(next, settings, machine),
  });
  undo.push(() => supervisor.dispose());
  const socketProblems = supervisor.addConfiguredGroups();
  const interfaces = new RpcInterfaces(
    settings.rpcInterfaces,
    { control: supervisor, clock, reader, journal, log },
    bus,
  );
  undo.push(() => interfaces.close());
  const [problem] = [...socketProblems, ...interfaces.problems];
  // When there is no other configuration to go back to, it is better to have the rest than nothing.
  if (problem !== undefined && request.failedRestart === null) {
    return { failure: problem };
  }
  interfaces.problems.forEach((message) => log('critical', withLines(message)));
  let answer: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    answer = resolve;
  });
  startServing(servers, interfaces, {
    ready,
    logs: { reader, clock, notices },
    activity: activityLog,
    assets: request.assets,
    sessions: machine.sessions,
    reportError: errors.report,
  });
  const removeSignals = machine.signals.attach({
    log,
    isShuttingDown: () => supervisor.state === 'SHUTDOWN',
    shutdown: () => {
      journal.add({ kind: 'action', process: null, cause: bySignal('shutdown'), text: 'shutdown' });
      supervisor.requestShutdown();
    },
    restart: () => {
      journal.add({ kind: 'action', process: null, cause: bySignal('restart'), text: 'restart' });
      supervisor.requestRestart().catch((error: unknown) => errors.report('a restart', error));
    },
    reopenLogs: () => supervisor.reopenLogs(),
    reap: () => supervisor.reap(),
  });
  undo.push(removeSignals);
  background?.leaveTerminal(settings.daemon, machine.binding, log);
  const pidfile = new Pidfile(settings.daemon.pidfilePath, { clock, log, paths: machine.paths });
  pidfile.write(process.pid);
  undo.push(() => pidfile.remove());
  background?.ready();
  undo.push(
    reportToServiceManager({
      bus,
      clock,
      service: request.service,
      state: () => supervisor.state,
      processStates: () => supervisor.processStates(),
    }),
  );
  try {
    supervisor.begin(() => memory.settleSoon());
    request.service.ready();
    // A child may have ended before the handler was there.
    supervisor.reap();
  } catch (error) {
    // Programs run by now, which must not be left alone.
    errors.report('the start of the programs', error);
  }
  // Whoever asks right after the start finds started what starts with it.
  void supervisor.firstStarts().then(answer);
  return supervisor.ended;
}

/** Where nobody answers, the programs whose logs lie elsewhere are not kept waiting. */
function clearAutoLogs(autoLogs: AutoLogs, clock: Clock, warn: (warning: string) => void): Promise<void> {
  return new Promise((resolve) => {
    new AwaitedAnswer<void>(clock, undefined, resolve, clearingPatienceMs).ask((cleared) => {
      autoLogs.clear((warnings) => {
        warnings.forEach(warn);
        cleared();
      });
    });
  });
}

function startServing(
  servers: HttpServers,
  { rpc, namespaces }: RpcInterfaces,
  deps: Omit<HttpAppDeps, 'rpc'>,
): void {
  servers.start(makeHttpApp({ ...deps, rpc }), () => {
    for (const { name } of namespaces) {
      rpc.log('info', `RPC interface '${name}' initialized`);
    }
  });
}

function bySignal(action: string): Cause {
  return { interface: 'signal', user: null, action };
}

/**
 * Keeps the process alive while it waits for nothing but a signal: signal handlers do not count for Node, which ends
 * when nothing else is pending. Returns what ends that.
 */
function stayAlive(): () => void {
  const longestMs = 2 ** 31 - 1;
  const timer = setInterval(() => undefined, longestMs);
  return () => clearInterval(timer);
}
