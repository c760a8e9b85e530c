import { askAll } from '../../system/answers.ts';
import type { Answer, LogDestination } from './destination.ts';

/** Goes to no place at all. */
export const noDestination: LogDestination = {
  backlogBytes: 0,
  isBehind: false,
  isOpen: true,
  blockedForMs: 0,
  open: (opened) => opened(null),
  write: () => true,
  takePipe: () => null,
  settle: () => undefined,
  reopen: () => undefined,
  clear: (cleared) => cleared(null),
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
  const inAll = (ask: (destination: LogDestination, done: Answer) => void, done: Answer): void =>
    askAll(
      destinations.map((destination) => (answered: Answer) => ask(destination, answered)),
      (answers) => done(answers.find((errno) => errno !== null) ?? null),
    );
  return {
    get backlogBytes(): number {
      return destinations.reduce((sum, { backlogBytes }) => sum + backlogBytes, 0);
    },
    get isBehind(): boolean {
      return destinations.some(({ isBehind }) => isBehind);
    },
    get isOpen(): boolean {
      return destinations.every(({ isOpen }) => isOpen);
    },
    get blockedForMs(): number {
      return Math.max(...destinations.map(({ blockedForMs }) => blockedForMs));
    },
    takePipe: () => null,
    write(chunk) {
      let takesMore = true;
      for (const destination of destinations) {
        takesMore = destination.write(chunk) && takesMore;
      }
      return takesMore;
    },
    settle: () => destinations.forEach((destination) => destination.settle()),
    reopen: () => destinations.forEach((destination) => destination.reopen()),
    open: (opened) => inAll((destination, done) => destination.open(done), opened),
    clear: (cleared) => inAll((destination, done) => destination.clear(done), cleared),
    close: () => destinations.forEach((destination) => destination.close()),
  };
}
