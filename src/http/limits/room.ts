/**
 * Bytes that many share, so that all of them together stay within a bound.
 *
 * A single one may have more while there is nobody else. When there is no room left, whoever has had his for longest without getting on gives way to whom still comes: a client
 * that stalls is dropped, and one that does not notices nothing.
 */

/** One who shares the room. */
export interface Place {
  /** Asks for more bytes; false: there is no room for them, although everybody has given way who could. */
  take(bytes: number): boolean;
  /** It has got on: it is not the one who gives way next. */
  moved(): void;
  /** Its bytes stay until {@link leave}, but it gives way to nobody any more. */
  settle(): void;
  /** Gives all its bytes back; harmless when repeated. */
  leave(): void;
}

interface Member {
  bytes: number;
  movedAtMs: number;
  readonly giveWay: () => void;
}

export interface RoomLimits {
  readonly maxBytes: number;
  /** Milliseconds without getting on after which somebody may have to give way. */
  readonly graceMs: number;
}

export class Room {
  readonly #limits: RoomLimits;
  readonly #nowMs: () => number;
  readonly #onTaken: (bytes: number) => void;
  /** Those who may have to give way, longest without getting on first. */
  readonly #movable = new Set<Member>();
  #usedBytes = 0;

  /** `onTaken` is told of all bytes that somebody takes. */
  constructor(limits: RoomLimits, nowMs: () => number, onTaken: (bytes: number) => void = () => undefined) {
    this.#limits = limits;
    this.#nowMs = nowMs;
    this.#onTaken = onTaken;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** `giveWay` drops whom the place belongs to. */
  enter(giveWay: () => void): Place {
    const member: Member = { bytes: 0, movedAtMs: this.#nowMs(), giveWay };
    this.#movable.add(member);
    return {
      take: (bytes) => this.#take(member, bytes),
      moved: () => this.#moved(member),
      settle: () => void this.#movable.delete(member),
      leave: () => this.#leave(member),
    };
  }

  #take(member: Member, bytes: number): boolean {
    for (const other of this.#movable) {
      const isAfterGrace = this.#nowMs() - other.movedAtMs >= this.#limits.graceMs;
      if (this.#fits(member, bytes) || !isAfterGrace) {
        break;
      }
      if (other !== member && other.bytes > 0) {
        this.#leave(other);
        other.giveWay();
      }
    }
    if (!this.#fits(member, bytes)) {
      return false;
    }
    member.bytes += bytes;
    this.#usedBytes += bytes;
    this.#onTaken(bytes);
    return true;
  }

  #fits(member: Member, bytes: number): boolean {
    const isAlone = this.#usedBytes === member.bytes;
    return isAlone || this.#usedBytes + bytes <= this.#limits.maxBytes;
  }

  #moved(member: Member): void {
    member.movedAtMs = this.#nowMs();
    if (this.#movable.delete(member)) {
      this.#movable.add(member);
    }
  }

  #leave(member: Member): void {
    this.#movable.delete(member);
    this.#usedBytes -= member.bytes;
    member.bytes = 0;
  }
}
