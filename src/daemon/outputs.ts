/** Joins a process to its logs: what becomes of its streams. */
import type { ProcessSettings } from '../config/settings.ts';
import { unlimited } from '../logging/rotation.ts';
import type { ProcessOutputs } from '../process/output.ts';
import { admitUser, type ChannelName, LoggedOutput, type OutputsContext } from './logged-output.ts';

const channelNames: readonly ChannelName[] = ['stdout', 'stderr'];

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

function ignore(): void {
  // It is only tried whether it can be written.
}
