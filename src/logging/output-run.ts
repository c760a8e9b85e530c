import type { Descriptor } from '../system/descriptor.ts';
import type { Errno } from '../system/system.ts';
import type { LogDestination } from './destinations/destination.ts';
import { noDestination } from './destinations/fan-out.ts';
import { type PipeContext, PipeReader } from './pipe-reader.ts';
import type { PumpStream, PumpStreamOwner } from './pump.ts';

export interface RunOwner {
  /** Whether nothing needs the bytes but the log they go to. */
  readonly isRaw: boolean;
  /** False: bytes are handed on as soon as they come, whatever that costs. */
  readonly isPaced: boolean;
  /** False: what an earlier run has left for the same place comes first, and has not been read yet. */
  isNext(run: OutputRun): boolean;
  /** Takes a piece of output, valid during the call, and writes it to the run's destination. */
  take(chunk: Uint8Array, run: OutputRun): void;
  /** All has been taken that the run has written. */
  taken(run: OutputRun): void;
}

/**
 * One run of a program, as its output sees it: the place that it goes to and the pipe that it comes through.
 *
 * The pipe is read once the place is open: by the pump if nothing else needs the bytes, else here. What has ended is read to
 * its end by the same way, which may take as long as its file system lets it wait.
 */
export class OutputRun implements PumpStreamOwner {
  readonly #context: PipeContext;
  readonly #owner: RunOwner;
  #destination: LogDestination = noDestination;
  /** Not read at the moment. */
  #pipe: Descriptor | null = null;
  #stream: PumpStream | null = null;
  #reader: PipeReader | null = null;
  #isEnded = false;
  #isTaken = false;
  /** What is to be done once the pump reads no more; null: it is to go on. */
  #onParted: (() => void) | null = null;
  /** Of streams that the pump has given up. */
  #bytesPumped = 0;

  constructor(context: PipeContext, owner: RunOwner) {
    this.#context = context;
    this.#owner = owner;
  }

  get destination(): LogDestination {
    return this.#destination;
  }

  /** All that the child has written is in the destination, or was dropped. */
  get isTaken(): boolean {
    return this.#isTaken;
  }

  /** Bytes that did not pass through here. */
  get bytesPumped(): number {
    return this.#bytesPumped + (this.#stream?.bytesRead ?? 0);
  }

  /** Calls `opened` when the place can be written, or with why it cannot; it is tried again as long as there is a pipe. */
  open(destination: LogDestination, opened: (errno: Errno | null) => void): void {
    this.#destination = destination;
    destination.open((errno) => {
      if (errno !== null && this.#pipe === null && !this.#isEnded) {
        this.letGo();
      }
      this.#connect();
      opened(errno);
    });
  }

  /** Takes over the non-blocking read end of the pipe of the child. */
  attach(pipe: Descriptor): void {
    this.#pipe = pipe;
    this.#connect();
  }

  /** Goes over to another place, which is open, from the next byte on; or to another way of reading. */
  moveTo(destination: LogDestination = this.#destination): void {
    this.#part(() => {
      if (destination !== this.#destination) {
        this.#destination.settle();
        this.#destination.close();
        this.#destination = destination;
      }
      this.#connect();
    });
  }

  /** The child has been reaped: what is in the pipe now is the rest, even if others that it left behind still hold it. */
  end(): void {
    this.#isEnded = true;
    if (this.#stream !== null) {
      this.#drainStream(this.#stream);
    } else if (this.#reader !== null) {
      this.#drainReader(this.#reader);
    } else if (this.#pipe === null) {
      this.#rested();
    } else {
      this.#connect();
    }
  }

  /** Goes on as soon as it can: something that it may have waited for has changed. */
  proceed(): void {
    this.#connect();
  }

  /** Reads what the child has left into nothing. Returns how much it was; null while the pump is at it. */
  abandon(): number | null {
    if (this.#stream !== null && !this.#stream.part()) {
      return null;
    }
    this.#takeBack();
    const onParted = this.#onParted;
    this.#onParted = null;
    let count = 0;
    if (this.#pipe !== null) {
      const onChunk = (chunk: Uint8Array): boolean => (count += chunk.length) > 0;
      const reader = new PipeReader(this.#pipe, this.#context, { isPaced: false, onChunk });
      this.#pipe = null;
      reader.drain();
      reader.close();
    }
    this.#isTaken = true;
    onParted?.();
    return count;
  }

  /** The destination takes more. */
  drained(): void {
    this.#connect();
    if (!this.#destination.isBehind) {
      this.#reader?.resume();
    }
  }

  /** Gives up the place. What is waiting is still written if it can be. */
  letGo(): void {
    this.#destination.close();
    this.#destination = noDestination;
  }

  #connect(): void {
    const pipe = this.#pipe;
    const isRaw = this.#owner.isRaw;
    const mayRead = this.#destination.isOpen && this.#onParted === null;
    if (pipe === null || !mayRead || !(isRaw || this.#owner.isNext(this))) {
      return;
    }
    this.#pipe = null;
    this.#stream = isRaw ? this.#destination.takePipe(pipe, this) : null;
    if (this.#stream === null) {
      this.#read(pipe);
    }
    if (this.#isEnded) {
      this.end();
    }
  }

  #read(pipe: Descriptor): void {
    this.#reader = new PipeReader(pipe, this.#context, {
      isPaced: this.#owner.isPaced,
      onChunk: (chunk) => {
        this.#owner.take(chunk, this);
        return !this.#destination.isBehind;
      },
    });
    if (this.#destination.isBehind) {
      this.#reader.hold();
    }
  }

  #drainStream(stream: PumpStream): void {
    if (this.#onParted === null && stream.drain()) {
      this.ended();
    }
  }

  /** For the pump. */
  ended(): void {
    this.parted();
    if (this.#isEnded) {
      this.#rested();
    }
  }

  /** For the pump. */
  parted(): void {
    const onParted = this.#onParted;
    this.#onParted = null;
    this.#takeBack();
    if (onParted === null) {
      this.#connect();
    } else {
      onParted();
    }
  }

  /** The pump reads no more. */
  #takeBack(): void {
    if (this.#stream !== null) {
      this.#bytesPumped += this.#stream.bytesRead;
      this.#pipe = this.#stream.drop();
      this.#stream = null;
    }
  }

  #part(then: () => void): void {
    if (this.#reader !== null) {
      // One that has found the end has closed it.
      this.#pipe = this.#reader.isOpen ? this.#reader.release() : null;
      this.#reader = null;
    }
    const before = this.#onParted;
    if (before !== null) {
      this.#onParted = () => {
        before();
        this.#part(then);
      };
    } else if (this.#stream === null || this.#stream.part()) {
      this.#takeBack();
      then();
    } else {
      this.#onParted = then;
    }
  }

  #drainReader(reader: PipeReader): void {
    reader.drain();
    reader.close();
    this.#reader = null;
    this.#rested();
  }

  #rested(): void {
    if (!this.#isTaken) {
      this.#isTaken = true;
      this.#owner.taken(this);
    }
  }
}
