/**
 * Which jobs stand in line together: those for one file system, which is told apart by its device once something has been
 * seen at a path. Until then all paths of a directory count as one.
 */
import path from 'node:path';

/** So many paths are remembered. What is forgotten is learned again. */
const maxPaths = 16_384;

export class LogDomains {
  readonly #devices = new Map<string, number>();
  /** Numbers below 0, which no device has. */
  readonly #directories = new Map<string, number>();
  /** Paths with jobs that have not been answered, and how many: those that follow stand in the same line. */
  readonly #present = new Map<string, { readonly domain: number; jobs: number }>();
  #lastNumber = 0;

  /** The domain for a job, which is over when {@link end} is called. */
  begin(file: string): number {
    const present = this.#present.get(file);
    if (present !== undefined) {
      present.jobs += 1;
      return present.domain;
    }
    const domain = this.#devices.get(file) ?? this.#numberOf(path.dirname(file));
    this.#present.set(file, { domain, jobs: 1 });
    return domain;
  }

  /** `device`: where the file lies, if it has been seen. */
  end(file: string, device: number | null): void {
    const present = this.#present.get(file);
    if (present !== undefined) {
      present.jobs -= 1;
      if (present.jobs === 0) {
        this.#present.delete(file);
      }
    }
    if (device !== null) {
      remember(this.#devices, file, device);
    }
  }

  /** Where jobs for a path stand in line now; null: there have been none. */
  of(file: string): number | null {
    return this.#present.get(file)?.domain ?? this.#devices.get(file) ?? null;
  }

  #numberOf(directory: string): number {
    const known = this.#directories.get(directory);
    if (known !== undefined) {
      return known;
    }
    this.#lastNumber -= 1;
    remember(this.#directories, directory, this.#lastNumber);
    return this.#lastNumber;
  }
}

function remember(map: Map<string, number>, key: string, value: number): void {
  if (map.size >= maxPaths && !map.has(key)) {
    map.clear();
  }
  map.set(key, value);
}
