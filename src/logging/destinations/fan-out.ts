import type { Errno } from '../../system/system.ts';
import type { LogDestination } from './destination.ts';

/** Goes to no place at all. */
export const noDestination: LogDestination = {
  backlogBytes: 0,
  write: () => true,
  settle: () => undefined,
  reopen: () => undefined,
  clear: () => null,
  close: () => undefined,
};

/**
 * Several destinations as one; the slowest sets the pace. Each of them is to be opened with an `onDrain` that
 * asks `backlogBytes` of the whole first.
 */
export function fanOut(destinations: readonly LogDestination[]): LogDestination {
  const [only, another] = destinations;
  if (another === undefined) {
    return only ?? noDestination;
  }
  return {
    get backlogBytes(): number {
      return destinations.reduce((sum, { backlogBytes }) => sum + backlogBytes, 0);
    },
    write(chunk) {
      let takesMore = true;
      for (const destination of destinations) {
        takesMore = destination.write(chunk) && takesMore;
      }
      return takesMore;
    },
    settle: () => destinations.forEach((destination) => destination.settle()),
    reopen: () => destinations.forEach((destination) => destination.reopen()),
    clear: () =>
      destinations
        .map((destination): Errno | null => destination.clear())
        .reduce((first, errno) => first ?? errno, null),
    close: () => destinations.forEach((destination) => destination.close()),
  };
}
