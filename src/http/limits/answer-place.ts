/** What one request has read for its answer, within the room that all of a server share. */
import type { AnswerRoom } from '../../rpc/answer-room.ts';
import type { Exchange } from '../exchange.ts';
import type { Place } from './room.ts';

/** Bytes that everybody may have, since as many are bounded by the number of connections. */
const uncountedBytes = 64 * 1024;

export class AnswerPlace implements AnswerRoom {
  readonly #exchange: Pick<Exchange, 'response' | 'answers' | 'whenOver'>;
  #place: Place | null = null;
  #bytes = 0;

  /** Given back when the answer is complete, or nobody waits for it any more. */
  constructor(exchange: Pick<Exchange, 'response' | 'answers' | 'whenOver'>) {
    this.#exchange = exchange;
  }

  take(bytes: number): boolean {
    this.#bytes += bytes;
    if (this.#bytes <= uncountedBytes) {
      return true;
    }
    this.#place ??= this.#enter();
    return this.#place.take(bytes);
  }

  /** The client has taken a piece of the answer. */
  moved(): void {
    this.#place?.moved();
  }

  #enter(): Place {
    const { response, answers, whenOver } = this.#exchange;
    const place = answers.enter(() => response.destroy());
    whenOver(() => place.leave());
    return place;
  }
}
