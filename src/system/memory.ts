/** The memory of this process. */
export interface Memory {
  /** What it takes up now, in bytes. */
  residentBytes(): number;
  /** Has large blocks given back as soon as they are freed; for processes that many send something to. */
  returnLargeBlocks(): void;
  /** Collects what is not used any more, and gives it back to the system: some ten milliseconds of work. `given` hears when it is done. */
  giveBack(given: () => void): void;
}
