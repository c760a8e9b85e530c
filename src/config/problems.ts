/** What is wrong, or odd, in a configuration. */
import type { IniDocument, Position } from './ini/sections.ts';

export interface Problem {
  /** An error makes the configuration unusable; a warning does not. */
  readonly severity: 'error' | 'warning';
  readonly file: string | null;
  /** Counted from 1. */
  readonly line: number | null;
  readonly section: string | null;
  readonly option: string | null;
  /** As it stands in the file, before expansion; null for passwords. */
  readonly value: string | null;
  /** What would have been right, to follow "expected"; null where the message says it all. */
  readonly expected: string | null;
  /** Errors: worded as the original words them. */
  readonly message: string;
}

/** Where a setting was written. */
export interface Origin extends Position {
  /** The value, where a JavaScript number cannot hold all of its digits. */
  readonly exact: bigint | null;
}

/** Where settings come from, by section header and option name; what is not there is a default. */
export interface Origins {
  /** Null for a default. */
  of(section: string, option: string): Origin | null;
  /** The section that a process, group, server or interface was made from; by identity. */
  sectionOf(settings: object): string | null;
}

/** Collects problems in the order in which the original would have met them, each once. */
export class ProblemList {
  readonly #problems: Problem[] = [];
  readonly #seen = new Set<string>();

  /** Adds a problem, unless the same option has been complained about already. */
  add(problem: Problem): void {
    const { severity, section, option, line } = problem;
    const subject = option === null ? problem.message : [option, line];
    const key = JSON.stringify([severity, section, subject, severity === 'warning' ? problem.message : null]);
    if (!this.#seen.has(key)) {
      this.#seen.add(key);
      this.#problems.push(problem);
    }
  }

  /** How many there are. */
  get count(): number {
    return this.#problems.length;
  }

  get errors(): readonly Problem[] {
    return this.#problems.filter((problem) => problem.severity === 'error');
  }

  get warnings(): readonly Problem[] {
    return this.#problems.filter((problem) => problem.severity === 'warning');
  }
}

/** The value to show in a problem, as it stands in the file; passwords are not shown. */
export function shownValue(document: IniDocument, section: string, option: string | null): string | null {
  return option === null || option === 'password' ? null : (document.get(section, option)?.value ?? null);
}

/** The place of an option, or failing that of its section. */
export function placeOf(document: IniDocument, section: string, option: string | null): Partial<Position> {
  return (option === null ? null : document.get(section, option)) ?? document.headerOf(section) ?? {};
}
