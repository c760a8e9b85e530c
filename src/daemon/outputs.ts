/** Joins a process to its logs: which file each stream goes to, and which events its output makes. */
import type { LogfileSetting, ProcessSettings, StreamSettings } from '../config/settings.ts';
import type { EventBus } from '../events/bus.ts';
import { processCommunicationEvent, processLogEvent } from '../events/payloads.ts';
import { autoLogMode, createAutoLog } from '../logging/auto-log.ts';
import { type ChannelContext, OutputChannel } from '../logging/output-channel.ts';
import type { ProcessOutput, ProcessOutputs } from '../process/output.ts';

export interface OutputsContext {
  readonly channels: ChannelContext;
  readonly bus: EventBus;
  readonly childLogDir: string;
  readonly identifier: string;
  readonly stripAnsi: boolean;
  /** Takes what an event listener has written to its stdout. */
  readonly heard: (groupName: string, processName: string, data: Uint8Array) => void;
}

type ChannelName = 'stdout' | 'stderr';

/** The outputs of a process that is about to become known to the daemon; AUTO logs are created here. */
export function makeOutputs(
  settings: ProcessSettings,
  groupName: string,
  context: OutputsContext,
): ProcessOutputs {
  return {
    stdout: new LoggedOutput('stdout', settings.stdout, settings, groupName, context),
    stderr: settings.redirectStderr
      ? null
      : new LoggedOutput('stderr', settings.stderr, settings, groupName, context),
  };
}

/** An output channel that knows whose output it carries. */
class LoggedOutput implements ProcessOutput {
  readonly #channel: OutputChannel;
  /** Of the child whose output is read, for events. */
  #pid = 0;

  constructor(
    name: ChannelName,
    stream: StreamSettings,
    settings: ProcessSettings,
    groupName: string,
    context: OutputsContext,
  ) {
    const source = { processName: settings.name, groupName };
    const { bus, heard } = context;
    const isProtocol = settings.kind === 'eventlistener' && name === 'stdout';
    this.#channel = new OutputChannel(
      {
        processName: settings.name,
        channel: name,
        logPath: logPathOf(stream.logfile, settings.name, name, context),
        ...(stream.logfile.kind === 'auto' ? { logMode: autoLogMode } : {}),
        limits: { maxBytes: stream.logfileMaxBytes, backups: stream.logfileBackups },
        captureMaxBytes: stream.captureMaxBytes,
        toSyslog: stream.syslog,
        stripAnsi: context.stripAnsi,
        use: isProtocol ? 'protocol' : 'output',
        onLog: stream.eventsEnabled
          ? (data) => {
              if (bus.hasSubscribers(name === 'stdout' ? 'PROCESS_LOG_STDOUT' : 'PROCESS_LOG_STDERR')) {
                bus.publish(processLogEvent(source, name, this.#pid, data));
              }
            }
          : null,
        onCommunication: (data) => bus.publish(processCommunicationEvent(source, name, this.#pid, data)),
        onRead: isProtocol ? (data) => heard(groupName, settings.name, data) : null,
      },
      context.channels,
    );
  }

  get logPath(): string | null {
    return this.#channel.logPath;
  }

  open(): string | null {
    return this.#channel.open();
  }

  attach(fd: number, pid: number): void {
    this.#pid = pid;
    this.#channel.attach(fd);
  }

  finish(): void {
    this.#channel.finish();
  }

  note(text: string): void {
    this.#channel.note(text);
  }

  reopen(): void {
    this.#channel.reopen();
  }

  clear(): boolean {
    return this.#channel.clear();
  }

  close(): void {
    this.#channel.close();
  }
}

function logPathOf(
  setting: LogfileSetting,
  processName: string,
  channel: ChannelName,
  { channels, childLogDir, identifier }: OutputsContext,
): string | null {
  switch (setting.kind) {
    case 'path':
      return setting.path;
    case 'none':
      return null;
    case 'auto': {
      const created = createAutoLog(channels.io, childLogDir, { processName, channel, identifier });
      if (typeof created === 'string') {
        channels.log.log(
          'error',
          `cannot create a log for ${channel} of ${processName} in ${childLogDir} (${created}): it is discarded`,
        );
        return null;
      }
      return created.path;
    }
  }
}
