import type { Answer, LogDestination } from './destination.ts';
import type { ReplaceableSink } from './replaceable-sink.ts';

const nothing = new Uint8Array();

/** A path that leads to one of the daemon's own descriptors: one more writer there, beside those who name it otherwise. */
export class SharedSink implements ReplaceableSink {
  readonly keepsLines = true;
  /** Another writer may find the link leading elsewhere. */
  readonly isStale = true;
  readonly descriptor: number;
  readonly #destination: LogDestination;

  constructor(descriptor: number, destination: LogDestination) {
    this.descriptor = descriptor;
    this.#destination = destination;
  }

  get backlogBytes(): number {
    return this.#destination.backlogBytes;
  }

  get isBehind(): boolean {
    return this.#destination.isBehind;
  }

  get isOpen(): boolean {
    return this.#destination.isOpen;
  }

  get blockedForMs(): number {
    return this.#destination.blockedForMs;
  }

  write(chunk: Uint8Array): void {
    this.#destination.write(chunk);
  }

  takePipe(): null {
    return null;
  }

  follow(): void {
    // Nobody reads back what is written here.
  }

  refresh(refreshed: Answer): void {
    refreshed(null);
  }

  reopen(): void {
    // A descriptor stays what it is.
  }

  clear(cleared: Answer): void {
    cleared(null);
  }

  close(closed: () => void): void {
    this.#destination.close();
    closed();
  }

  /** What waits is written there. */
  leave(): Uint8Array {
    this.#destination.close();
    return nothing;
  }
}
