import { constants } from 'node:fs';

import type { Descriptor } from '../../system/descriptor.ts';
import type { LogIo } from '../io.ts';
import type { Pump, PumpFile, PumpFileOwner, PumpStream, PumpStreamOwner } from '../pump.ts';
import type { SizeLimits } from '../rotation.ts';
import type { Answer, LogSink } from './destination.ts';

/** Where output goes that nobody wants. */
export const nullPath = '/dev/null';

/** Takes everything and keeps nothing. Pipes are emptied by the pump, beside the event loop. */
export class NullSink implements LogSink {
  readonly backlogBytes = 0;
  readonly isBehind = false;
  readonly isOpen = true;
  readonly blockedForMs = 0;
  readonly keepsLines = false;
  readonly #io: LogIo;
  readonly #pump: Pump;
  #file: PumpFile | null = null;
  #isClosed = false;

  constructor(io: LogIo, pump: Pump) {
    this.#io = io;
    this.#pump = pump;
  }

  write(): void {
    // It is gone.
  }

  takePipe(pipe: Descriptor, _limits: SizeLimits, streamOwner: PumpStreamOwner): PumpStream | null {
    this.#file ??= this.#open();
    const stream = this.#file?.addStream(pipe, 0, streamOwner) ?? null;
    return typeof stream === 'string' ? null : stream;
  }

  follow(): void {
    // There is nothing to follow.
  }

  refresh(refreshed: Answer): void {
    refreshed(null);
  }

  reopen(): void {
    // It is always the same.
  }

  clear(cleared: Answer): void {
    cleared(null);
  }

  close(closed: () => void): void {
    this.#isClosed = true;
    this.#dropIfUnused();
    closed();
  }

  #dropIfUnused(): void {
    if (this.#isClosed && this.#file !== null && !this.#file.hasStreams && this.#file.hold()) {
      this.#io.close(this.#file.drop());
      this.#file = null;
    }
  }

  /** Null where there is no such device, or no descriptor left: then pipes are read by the event loop. */
  #open(): PumpFile | null {
    const fd = this.#io.open(nullPath, constants.O_WRONLY | constants.O_APPEND, 0);
    if (typeof fd === 'string') {
      return null;
    }
    const facts = this.#io.fstat(fd);
    const file = typeof facts === 'string' ? facts : this.#pump.open({ fd, facts });
    if (typeof file === 'string') {
      this.#io.close(fd);
      return null;
    }
    file.own(this.#owner());
    return file;
  }

  /** Whatever happens to the file, nothing is lost. */
  #owner(): PumpFileOwner {
    const ignore = (): void => undefined;
    const drop = (): void => this.#dropIfUnused();
    return {
      sizeReached: ignore,
      failed: ignore,
      removed: ignore,
      held: drop,
      written: ignore,
      emptied: ignore,
      unused: drop,
    };
  }
}
