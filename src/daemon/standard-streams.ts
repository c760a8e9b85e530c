/**
 * The daemon's own standard output and error, from the moment it is a daemon.
 *
 * Node's streams for them wait in the kernel while a pipe is full, and throw into the event loop when its reader has gone.
 * So they are replaced: whatever is printed, by us, by a plugin with `console`, or by Node as a warning, goes the way of a
 * log on `/dev/stdout`: without waiting, in whole lines, with a bounded backlog, and dropped once nobody is there to read.
 */
import { Console } from 'node:console';
import { Writable } from 'node:stream';
import type { LogDestination } from '../logging/destinations/destination.ts';
import type { LogOutlets } from '../logging/log-outlets.ts';
import { unlimited } from '../logging/rotation.ts';

const paths = { stdout: '/dev/stdout', stderr: '/dev/stderr' } as const;

type StreamName = keyof typeof paths;

/** What may wait for a reader that has stopped; more is dropped. */
const maxBacklogBytes = 1024 * 1024;

/** What has the streams: `process`, or something like it in tests. */
export type StreamOwner = Pick<NodeJS.Process, 'listenerCount' | 'removeAllListeners' | 'on'>;

export class StandardStreams {
  readonly #outlets: Pick<LogOutlets, 'open'>;
  readonly #dropped = { stdout: 0, stderr: 0 };

  constructor(outlets: Pick<LogOutlets, 'open'>) {
    this.#outlets = outlets;
  }

  /** From now on `process.stdout` and `process.stderr`, `console` and Node's warnings are ours. */
  takeOver(owner: StreamOwner): void {
    for (const name of ['stdout', 'stderr'] as const) {
      const stream = this.#streamTo(name);
      Object.defineProperty(owner, name, { configurable: true, enumerable: true, get: () => stream });
    }
    // A plugin may have printed while it was loaded, and the former one keeps the streams of that time.
    globalThis.console = new Console(this.#streamTo('stdout'), this.#streamTo('stderr'));
    if (owner.listenerCount('warning') > 0) {
      owner.removeAllListeners('warning');
      owner.on('warning', ({ name, message }) => this.write('stderr', Buffer.from(`${name}: ${message}\n`)));
    }
  }

  /**
   * Prints without ever waiting. The descriptor is opened for each time, which is seldom, since in the background it is
   * another one after the terminal was left.
   */
  write(name: StreamName, chunk: Uint8Array): void {
    const options = { limits: unlimited, report: ignore, onDrain: ignore };
    const destination = this.#outlets.open(paths[name], options);
    if (typeof destination === 'string') {
      return;
    }
    if (destination.backlogBytes > maxBacklogBytes) {
      this.#dropped[name] += 1;
    } else {
      this.#tellDropped(name, destination);
      destination.write(chunk);
    }
    destination.close();
  }

  #tellDropped(name: StreamName, destination: LogDestination): void {
    const count = this.#dropped[name];
    if (count > 0) {
      this.#dropped[name] = 0;
      destination.write(Buffer.from(`supervisord: dropped ${count} messages while nobody read ${name}\n`));
    }
  }

  #streamTo(name: StreamName): Writable {
    return new Writable({
      write: (chunk: Uint8Array, _encoding, done) => {
        this.write(name, chunk);
        done();
      },
    });
  }
}

function ignore(): void {
  // Trouble with the place where troubles are told is told nowhere.
}
