/**
 * What all readers of sections share: the document, the machine, the names known so far, and the lists of
 * problems, warnings and infos.
 *
 * Readers ask for options in the order in which the original does, and go on with the default after a problem,
 * so that all problems are found and the first of them is the original's only one.
 */
import { expand, type Expanded } from '../expansion.ts';
import type { IniDocument } from '../ini/sections.ts';
import type { Option } from '../options/option.ts';
import type { Names, NameValue } from '../python/format-names.ts';
import { repr } from '../python/repr.ts';
import { placeOf, ProblemList, shownValue, type Origin, type Origins, type Problem } from '../problems.ts';
import type { World } from '../world.ts';

/** Lines for the activity log. */
export interface LogLines {
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

/** What a problem is about, besides its message. */
export interface ProblemContext {
  readonly option?: string | null;
  readonly expected?: string | null;
}

export class LoadContext implements Origins {
  readonly document: IniDocument;
  readonly world: World;
  readonly problems = new ProblemList();
  /** As given, for messages. */
  readonly configFile: string;
  /** Absolute directory of the configuration file. */
  readonly here: string;
  /** `ENV_x` of the machine and, once it was read, of `[supervisord] environment`. */
  readonly environment: Map<string, string>;
  readonly warnings: string[] = [];
  readonly infos: string[] = [];
  /** What is in `warnings`, with its place; each once. */
  readonly notices = new ProblemList();
  #failure: LogLines | null = null;
  /** By section and option: what a number was before it had to be rounded. */
  readonly #exact = new Map<string, bigint>();
  readonly #sections = new WeakMap<object, string>();

  constructor(parts: {
    readonly document: IniDocument;
    readonly world: World;
    readonly configFile: string;
    readonly here: string;
    readonly environment: Map<string, string>;
  }) {
    this.document = parts.document;
    this.world = parts.world;
    this.configFile = parts.configFile;
    this.here = parts.here;
    this.environment = parts.environment;
  }

  of(section: string, option: string): Origin | null {
    const found = this.document.get(section, option);
    const exact = this.#exact.get(originKey(section, option)) ?? null;
    return found === null ? null : { file: found.file, line: found.line, exact };
  }

  sectionOf(settings: object): string | null {
    return this.#sections.get(settings) ?? null;
  }

  /** Remembers which section `settings` were made from. */
  made<T extends object>(settings: T, section: string): T {
    this.#sections.set(settings, section);
    return settings;
  }

  /** Whether anything makes the configuration unusable so far. */
  get failed(): boolean {
    return this.#failure !== null;
  }

  /** What was to be logged when the first error was met; with no error, what is to be logged now. */
  get logLines(): LogLines {
    return this.#failure ?? { warnings: this.warnings, infos: this.infos };
  }

  /** Something that the original logs a warning about. */
  warn(section: string, option: string, message: string): void {
    this.warnings.push(message);
    this.notices.add(this.#problem('warning', section, message, { option }));
  }

  /** Reports something that makes the configuration unusable. */
  error(section: string, message: string, about: ProblemContext = {}): void {
    this.fail(this.#problem('error', section, message, about));
  }

  /** As {@link LoadContext.error}, for a problem that is not in any section. */
  fail(problem: Problem): void {
    this.#failure ??= { warnings: [...this.warnings], infos: [...this.infos] };
    this.problems.add(problem);
  }

  #problem(severity: Problem['severity'], section: string, message: string, about: ProblemContext): Problem {
    const { option = null, expected = null } = about;
    const { file = null, line = null } = placeOf(this.document, section, option);
    const value = shownValue(this.document, section, option);
    return { severity, file, line, section, option, value, expected, message };
  }

  recordExact(section: string, option: string, exact: bigint): void {
    this.#exact.set(originKey(section, option), exact);
  }
}

function originKey(section: string, option: string): string {
  return `${section}\n${option}`;
}

/** Reads the options of one section, with the names that can be expanded there. */
export class SectionReader {
  readonly context: LoadContext;
  readonly section: string;
  /** Names besides the environment; they win over it. */
  readonly #names: Names;
  /** B1.20: problems inside a program name its section and file. */
  readonly #suffix: string;

  constructor(context: LoadContext, section: string, names: Names, suffix: 'named' | 'plain' = 'plain') {
    this.context = context;
    this.section = section;
    this.#names = names;
    const file = context.document.headerOf(section)?.file ?? context.configFile;
    this.#suffix = suffix === 'named' ? ` in section ${repr(section)} (file: ${repr(file)})` : '';
  }

  /** The expanded text of an option, or null without it or after a problem with it. */
  text(option: string): string | null {
    const raw = this.raw(option);
    return raw === null ? null : this.expand(raw, option);
  }

  /** The text as it stands in the file. */
  raw(option: string): string | null {
    return this.context.document.get(this.section, option)?.value ?? null;
  }

  /** Expands a text of this section; null after a problem. */
  expand(raw: string, option: string): string | null {
    const names = (): Names => new Map<string, NameValue>([...this.context.environment, ...this.#names]);
    return this.take(expand(raw, names, `${this.section}.${option}`), option);
  }

  /** The value of an option; its fallback without it or after a problem with it. */
  read<T>(option: string, row: Option<T>): T {
    const text = this.text(option);
    return text === null ? row.fallback : this.convert(text, option, row);
  }

  /** Converts a text that was expanded already. */
  convert<T>(text: string, option: string, row: Option<T>): T {
    const { convert } = row;
    const result = convert.parse(text, this.context.world);
    if (!result.ok) {
      this.error(result.message, { option, expected: convert.expected });
      return row.fallback;
    }
    if (typeof result.value === 'number' && !Number.isSafeInteger(result.value)) {
      const exact = convert.exact?.(text);
      if (exact?.ok === true) {
        this.context.recordExact(this.section, option, exact.value);
      }
    }
    return result.value;
  }

  /** The value of a result; null after reporting its refusal. */
  take(result: Expanded, option: string): string | null {
    if (result.ok) {
      return result.value;
    }
    if ('unknown' in result) {
      const hint = result.suggestion === null ? null : `a known name; the closest is ${result.suggestion}`;
      this.context.error(this.section, result.message, { option, expected: hint });
    } else {
      this.error(result.message, { option });
    }
    return null;
  }

  /** Reports a problem, with the suffix of program sections. */
  error(message: string, about: ProblemContext = {}): void {
    this.context.error(this.section, message + this.#suffix, about);
  }
}
