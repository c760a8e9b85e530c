/** Answers that are complete, but whose clients have not taken them yet: beyond a bound those that wait longest are dropped. */
import type { ServerResponse } from 'node:http';
import { Room } from './room.ts';

export class HeldAnswers {
  readonly #room: Room;

  constructor(maxBytes: number, nowMs: () => number) {
    this.#room = new Room({ maxBytes, graceMs: 0, isOpenToOne: true }, nowMs);
  }

  /** An answer that has been ended. */
  add(response: ServerResponse): void {
    const drop = (): void => void response.socket?.destroy();
    const place = this.#room.enter(drop);
    response.once('close', () => place.leave());
    if (!place.take(response.writableLength)) {
      drop();
    }
  }
}
