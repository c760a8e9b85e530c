/** One request from its header to the end of its answer or of its connection, whichever comes first. */
import { setMaxListeners } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';

export class RequestLife {
  readonly #controller = new AbortController();
  readonly #callbacks: (() => void)[] = [];
  #isOver = false;

  constructor({ socket }: IncomingMessage, response: ServerResponse) {
    // One call may wait for a thousand processes.
    setMaxListeners(0, this.#controller.signal);
    const end = (): void => {
      response.off('close', end);
      socket.off('close', end);
      this.#end(response);
    };
    // An answer that waits for earlier ones of its connection is not told that the connection has ended.
    response.once('close', end);
    socket.once('close', end);
  }

  /** Aborted when nobody waits for the answer any more. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  readonly whenOver = (callback: () => void): void => {
    if (this.#isOver) {
      callback();
    } else {
      this.#callbacks.push(callback);
    }
  };

  /** Resolves when it is over. */
  over(): Promise<void> {
    return new Promise((resolve) => this.whenOver(resolve));
  }

  abort(why: string): void {
    this.#controller.abort(new Error(why));
  }

  #end(response: ServerResponse): void {
    this.#isOver = true;
    for (const callback of this.#callbacks.splice(0)) {
      callback();
    }
    if (!response.writableFinished) {
      this.abort('the client is gone');
    }
  }
}
