/**
 * How large an answer may become: of one call, of all calls of a `system.multicall`, and of all that are under way.
 */
import { RpcFault } from './faults.ts';

/** Room for the results of one request. */
export interface AnswerRoom {
  /** Asks for the bytes of a result before it is made; false: there is no room for it. */
  take(bytes: number): boolean;
}

/** For callers whose results are small, or who have a bound of their own. */
export const unboundedRoom: AnswerRoom = { take: () => true };

/** Takes the bytes of a result; throws FAILED when there is no room for it. */
export function takeRoom(room: AnswerRoom, bytes: number): void {
  if (!room.take(bytes)) {
    throw new RpcFault('FAILED', 'the answers that are under way would become too large together');
  }
}

/** A part of the room, for several results together. */
export function partOf(room: AnswerRoom, maxBytes: number): AnswerRoom {
  let used = 0;
  return {
    take: (bytes) => {
      if (used + bytes > maxBytes || !room.take(bytes)) {
        return false;
      }
      used += bytes;
      return true;
    },
  };
}
