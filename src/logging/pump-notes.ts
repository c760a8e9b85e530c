/** What the notes of a pump mean to owners: bits, since what has happened is told together, however often it has. */
import { pumpEvents } from '../native/binding.ts';
import { errnoName } from '../native/errno.ts';
import type { Errno } from '../system/errno.ts';
import type { PumpFileOwner, PumpStreamOwner } from './pump.ts';

export function tellFile(owner: PumpFileOwner, events: number, errno: Errno): void {
  if ((events & pumpEvents.written) !== 0) {
    owner.written();
  }
  if ((events & pumpEvents.failed) !== 0) {
    owner.failed(errno);
  } else if ((events & pumpEvents.removed) !== 0) {
    owner.removed();
  } else if ((events & pumpEvents.sizeReached) !== 0) {
    owner.sizeReached();
  } else if ((events & pumpEvents.held) !== 0) {
    owner.held();
  }
  if ((events & pumpEvents.empty) !== 0) {
    owner.emptied();
  }
}

export function tellStream(owner: PumpStreamOwner, events: number): void {
  if ((events & pumpEvents.ended) !== 0) {
    owner.ended();
  } else if ((events & pumpEvents.parted) !== 0) {
    owner.parted();
  }
}

/** `errno`: a number. Undefined: nobody is told any more. */
export function tell(
  owner: PumpFileOwner | PumpStreamOwner | undefined,
  events: number,
  errno: number,
): void {
  if (owner !== undefined && 'ended' in owner) {
    tellStream(owner, events);
  } else if (owner !== undefined) {
    tellFile(owner, events, errnoName(errno));
  }
}
