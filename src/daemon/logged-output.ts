/** Joins one stream of a process to its log: which file it goes to, and which events it makes. */
import type { ProcessSettings, StreamSettings } from '../config/settings.ts';
import type { EventBus } from '../events/bus.ts';
import { type EventSource, processCommunicationEvent, processLogEvent } from '../events/payloads.ts';
import { type AutoLogs, autoLogMode } from '../logging/auto-log.ts';
import type { ChannelContext, OutputChannelOptions } from '../logging/channel-options.ts';
import type { LogFiles } from '../logging/log-files.ts';
import { OutputChannel } from '../logging/output-channel.ts';
import type { ProcessOutput } from '../process/output.ts';
import type { Descriptor } from '../system/descriptor.ts';

export interface OutputsContext {
  readonly channels: ChannelContext;
  readonly bus: EventBus;
  readonly autoLogs: AutoLogs;
  readonly files: Pick<LogFiles, 'admit'>;
  readonly stripAnsi: boolean;
  /** Takes what an event listener has written to its stdout. */
  readonly heard: (groupName: string, processName: string, data: Uint8Array) => void;
}

export type ChannelName = 'stdout' | 'stderr';

/** An output channel that knows whose output it carries. */
export class LoggedOutput implements ProcessOutput {
  readonly #name: ChannelName;
  readonly #source: EventSource;
  readonly #context: OutputsContext;
  readonly #channel: OutputChannel;
  #settings: ProcessSettings;
  #release: () => void;
  /** Of the child whose output is read, for events. */
  #pid = 0;
  /** An AUTO log that is being made; another path may come of it, or none. */
  #making: object | null = null;
  /** Waits until that is made, or somebody needs it sooner. */
  #toOpen: (() => void) | null = null;

  constructor(name: ChannelName, settings: ProcessSettings, groupName: string, context: OutputsContext) {
    this.#name = name;
    this.#source = { processName: settings.name, groupName };
    this.#context = context;
    this.#settings = settings;
    const path = this.#pathFor(settings);
    this.#release = admitUser(settings, path, context);
    this.#channel = new OutputChannel(this.#optionsFor(settings, path), context.channels);
  }

  configure(settings: ProcessSettings): void {
    this.#settings = settings;
    this.#goOnIn(this.#pathFor(settings));
    if (this.#making === null) {
      this.#openNow();
    }
  }

  get logPath(): string | null {
    return this.#channel.logPath;
  }

  get blockedForMs(): number {
    return this.#channel.blockedForMs;
  }

  open(opened: (problem: string | null) => void): void {
    this.#toOpen = () => this.#channel.open(opened);
    if (this.#making === null) {
      this.#openNow();
    }
  }

  attach(fd: Descriptor, pid: number): void {
    this.#openNow();
    this.#pid = pid;
    this.#channel.attach(fd);
  }

  finish(finished: () => void): void {
    this.#toOpen = null;
    this.#channel.finish(finished);
  }

  note(text: string): void {
    this.#openNow();
    this.#channel.note(text);
  }

  reopen(): void {
    this.#channel.reopen();
  }

  clear(cleared: (ok: boolean) => void): void {
    this.#channel.clear(cleared);
  }

  close(): void {
    this.#making = null;
    this.#toOpen = null;
    this.#channel.close();
    this.#release();
  }

  #openNow(): void {
    const open = this.#toOpen;
    this.#toOpen = null;
    open?.();
  }

  #goOnIn(path: string | null): void {
    const settings = this.#settings;
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

  #pathFor(settings: ProcessSettings): string | null {
    const { logfile } = settings[this.#name];
    this.#making = null;
    switch (logfile.kind) {
      case 'path':
        return logfile.path;
      case 'none':
        return null;
      case 'auto':
        return this.#makeAutoLog();
    }
  }

  #makeAutoLog(): string {
    const owner = { ...this.#source, channel: this.#name };
    const path = this.#context.autoLogs.pathFor(owner, (answer) => {
      if (this.#making === making) {
        this.#making = null;
        this.#made(path, typeof answer === 'string' ? this.#discard(answer) : answer.path);
      }
    });
    const making = {};
    this.#making = making;
    return path;
  }

  #made(expected: string, path: string | null): void {
    if (path !== expected) {
      this.#goOnIn(path);
    }
    this.#openNow();
  }

  #discard(errno: string): null {
    this.#context.channels.log.log(
      'error',
      `cannot create a log for ${this.#name} of ${this.#source.processName} in the childlogdir (${errno}): it is discarded`,
    );
    return null;
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
}

/** Lets files of the program's user be its logs; returns what ends that. An AUTO log is nobody's but the daemon's. */
export function admitUser(
  { uid, stdout, stderr }: ProcessSettings,
  path: string | null,
  { files }: Pick<OutputsContext, 'files'>,
): () => void {
  const isNamed = [stdout, stderr].some(({ logfile }) => logfile.kind === 'path' && logfile.path === path);
  return path === null || !isNamed ? ignore : files.admit(path, uid);
}

function ignore(): void {
  // Nothing was admitted, so there is nothing to end.
}
