/** Answers that are complete, but whose clients have not taken them yet: beyond a bound those that wait longest are dropped. */
import type { Exchange } from '../exchange.ts';
import { Room } from './room.ts';

export class HeldAnswers {
  readonly #room: Room;

  constructor(maxBytes: number, nowMs: () => number) {
    this.#room = new Room({ maxBytes, graceMs: 0, isOpenToOne: true }, nowMs);
  }

  /** An answer that has been ended. */
  add({ request, response, whenOver }: Pick<Exchange, 'request' | 'response' | 'whenOver'>): void {
    const drop = (): void => void request.socket.destroy();
    const place = this.#room.enter(drop);
    whenOver(() => place.leave());
    if (!place.take(response.writableLength)) {
      drop();
    }
  }
}
