/** Joins a process to its logs: which file each stream goes to, and which events its output makes. */
import type { LogfileSetting, ProcessSettings, StreamSettings } from '../config/settings.ts';
import type { EventBus } from '../events/bus.ts';
import { type EventSource, processCommunicationEvent, processLogEvent } from '../events/payloads.ts';
import { type AutoLogs, autoLogMode } from '../logging/auto-log.ts';
import type { ChannelContext, OutputChannelOptions } from '../logging/channel-options.ts';
import { OutputChannel } from '../logging/output-channel.ts';
import { unlimited } from '../logging/rotation.ts';
import type { Descriptor } from '../system/descriptor.ts';
import type { ProcessOutput, ProcessOutputs } from '../process/output.ts';

export interface OutputsContext {
  readonly channels: ChannelContext;
  readonly bus: EventBus;
  readonly autoLogs: AutoLogs;
  readonly stripAnsi: boolean;
  /** Takes what an event listener has written to its stdout. */
  readonly heard: (groupName: string, processName: string, data: Uint8Array) => void;
}

const channelNames = ['stdout', 'stderr'] as const;

type ChannelName = (typeof channelNames)[number];

/** The outputs of a process that is about to become known to the daemon; AUTO logs are created here. */
export function makeOutputs(
  settings: ProcessSettings,
  groupName: string,
  context: OutputsContext,
): ProcessOutputs {
  return new LoggedOutputs(settings, groupName, context);
}

class LoggedOutputs implements ProcessOutputs {
  readonly stdout: LoggedOutput;
  readonly #groupName: string;
  readonly #context: OutputsContext;
  #stderr: LoggedOutput | null = null;

  constructor(settings: ProcessSettings, groupName: string, context: OutputsContext) {
    this.#groupName = groupName;
    this.#context = context;
    this.stdout = new LoggedOutput('stdout', settings, groupName, context);
    this.#configureStderr(settings);
  }

  get stderr(): LoggedOutput | null {
    return this.#stderr;
  }

  check(settings: ProcessSettings, checked: (problem: string | null) => void): void {
    const current = { stdout: this.stdout.logPath, stderr: this.#stderr?.logPath ?? null };
    const others = channelNames
      .map((name) => ({ logfile: settings[name].logfile, current: current[name] }))
      .flatMap(({ logfile, current: known }) =>
        logfile.kind === 'path' && logfile.path !== known ? [logfile.path] : [],
      );
    this.#checkPaths(settings, others, checked);
  }

  configure(settings: ProcessSettings): void {
    this.stdout.configure(settings);
    this.#configureStderr(settings);
  }

  /** One after the other, up to the first that cannot be opened. */
  #checkPaths(
    settings: ProcessSettings,
    [first, ...rest]: readonly string[],
    checked: (problem: string | null) => void,
  ): void {
    if (first === undefined) {
      checked(null);
      return;
    }
    const { outlets } = this.#context.channels;
    const release = admitUser(settings, first, this.#context);
    const destination = outlets.join(first, { limits: unlimited, report: ignore, onDrain: ignore });
    destination.open((errno) => {
      destination.close();
      release();
      if (errno === null) {
        this.#checkPaths(settings, rest, checked);
      } else {
        checked(`cannot open ${first}: ${errno}`);
      }
    });
  }

  #configureStderr(settings: ProcessSettings): void {
    if (settings.redirectStderr) {
      this.#stderr?.close();
      this.#stderr = null;
    } else if (this.#stderr === null) {
      this.#stderr = new LoggedOutput('stderr', settings, this.#groupName, this.#context);
    } else {
      this.#stderr.configure(settings);
    }
  }
}

/** An output channel that knows whose output it carries. */
class LoggedOutput implements ProcessOutput {
  readonly #name: ChannelName;
  readonly #source: EventSource;
  readonly #context: OutputsContext;
  readonly #channel: OutputChannel;
  #release: () => void;
  /** Of the child whose output is read, for events. */
  #pid = 0;

  constructor(name: ChannelName, settings: ProcessSettings, groupName: string, context: OutputsContext) {
    this.#name = name;
    this.#source = { processName: settings.name, groupName };
    this.#context = context;
    const path = logPathOf(settings[name].logfile, this.#source, name, context);
    this.#release = admitUser(settings, path, context);
    this.#channel = new OutputChannel(this.#optionsFor(settings, path), context.channels);
  }

  configure(settings: ProcessSettings): void {
    const path = logPathOf(settings[this.#name].logfile, this.#source, this.#name, this.#context);
    const release = admitUser(settings, path, this.#context);
    this.#channel.configure(this.#optionsFor(settings, path), (errno) => {
      if (errno === null) {
        this.#release();
        this.#release = release;
      } else {
        release();
        this.#context.channels.log.log(
          'error',
          `cannot open ${path ?? 'syslog'} (${errno}): ${this.#name} of ${settings.name} stays in ${this.logPath ?? 'no file'}`,
        );
      }
    });
  }

  #optionsFor(settings: ProcessSettings, logPath: string | null): OutputChannelOptions {
    const name = this.#name;
    const stream: StreamSettings = settings[name];
    const { bus, heard, stripAnsi } = this.#context;
    const source = this.#source;
    const isProtocol = settings.kind === 'eventlistener' && name === 'stdout';
    return {
      processName: settings.name,
      channel: name,
      logPath,
      ...(stream.logfile.kind === 'auto' ? { logMode: autoLogMode } : {}),
      limits: { maxBytes: stream.logfileMaxBytes, backups: stream.logfileBackups },
      captureMaxBytes: stream.captureMaxBytes,
      toSyslog: stream.syslog,
      stripAnsi,
      use: isProtocol ? 'protocol' : 'output',
      onLog: stream.eventsEnabled
        ? (data) => {
            if (bus.hasSubscribers(name === 'stdout' ? 'PROCESS_LOG_STDOUT' : 'PROCESS_LOG_STDERR')) {
              bus.publish(processLogEvent(source, name, this.#pid, data));
            }
          }
        : null,
      onCommunication:
        stream.captureMaxBytes > 0
          ? (data) => bus.publish(processCommunicationEvent(source, name, this.#pid, data))
          : null,
      onRead: isProtocol ? (data) => heard(source.groupName, settings.name, data) : null,
    };
  }

  get logPath(): string | null {
    return this.#channel.logPath;
  }

  get blockedForMs(): number {
    return this.#channel.blockedForMs;
  }

  open(opened: (problem: string | null) => void): void {
    this.#channel.open(opened);
  }

  attach(fd: Descriptor, pid: number): void {
    this.#pid = pid;
    this.#channel.attach(fd);
  }

  finish(finished: () => void): void {
    this.#channel.finish(finished);
  }

  note(text: string): void {
    this.#channel.note(text);
  }

  reopen(): void {
    this.#channel.reopen();
  }

  clear(cleared: (ok: boolean) => void): void {
    this.#channel.clear(cleared);
  }

  close(): void {
    this.#channel.close();
    this.#release();
  }
}

/** Lets files of the program's user be its logs; returns what ends that. An AUTO log is nobody's but the daemon's. */
function admitUser(
  { uid, stdout, stderr }: ProcessSettings,
  path: string | null,
  { channels }: OutputsContext,
): () => void {
  const isNamed = [stdout, stderr].some(({ logfile }) => logfile.kind === 'path' && logfile.path === path);
  return path === null || !isNamed ? ignore : channels.io.admit(path, uid);
}

function logPathOf(
  setting: LogfileSetting,
  { groupName, processName }: EventSource,
  channel: ChannelName,
  { channels, autoLogs }: OutputsContext,
): string | null {
  switch (setting.kind) {
    case 'path':
      return setting.path;
    case 'none':
      return null;
    case 'auto': {
      const log = autoLogs.pathFor(groupName, processName, channel);
      if (typeof log === 'string') {
        channels.log.log(
          'error',
          `cannot create a log for ${channel} of ${processName} in the childlogdir (${log}): it is discarded`,
        );
        return null;
      }
      return log.path;
    }
  }
}

function ignore(): void {
  // Nothing is written, so there is nothing to tell; nothing was admitted, so there is nothing to end.
}
