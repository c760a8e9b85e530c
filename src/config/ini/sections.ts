/**
 * Sections and options of configuration files, in the order in which they were first met.
 *
 * Several files can be read into one document, as `[include]` does: a section that is met again is continued,
 * an option that is met again is replaced. `[DEFAULT]` is not a section: its options belong to all.
 * Source: Python library reference, `configparser.RawConfigParser` with `strict=False`.
 */
import { repr } from '../python/repr.ts';
import { strip, stripEnd } from '../python/text.ts';
import { readLine } from './lines.ts';

/** Where an option stands. */
export interface Position {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
}

export interface IniOption extends Position {
  readonly value: string;
}

/** Something odd that the original accepts in silence. */
export interface Oddity extends Position {
  readonly kind: 'repeated-section' | 'comment-in-quotes';
  readonly section: string;
  readonly option: string | null;
  readonly value: string | null;
}

/** A file that is not in the format; `message` is the original's, for all bad lines of the file together. */
export interface SyntaxFailure extends Position {
  readonly message: string;
  /** The original stops there and then, instead of gathering more bad lines up to the end of the file. */
  readonly immediate: boolean;
}

type Options = Map<string, IniOption>;

interface Section {
  readonly options: Options;
  /** Where its first header stands. */
  readonly header: Position;
}

const defaultSection = 'DEFAULT';

export class IniDocument {
  readonly #sections = new Map<string, Section>();
  readonly #defaults: Options = new Map();
  readonly oddities: Oddity[] = [];
  /** Sections that were read into since the last expansion of `here`; all of them after `[DEFAULT]` was. */
  #fresh = new Set<Section>();

  /** Names of all sections but `[DEFAULT]`. */
  sections(): string[] {
    return [...this.#sections.keys()];
  }

  has(section: string): boolean {
    return this.#sections.has(section);
  }

  /** Where the first header of a section stands. */
  headerOf(section: string): Position | null {
    return this.#sections.get(section)?.header ?? null;
  }

  /** An option of a section or, failing that, of `[DEFAULT]`; names are lower case. */
  get(section: string, option: string): IniOption | null {
    return this.#sections.get(section)?.options.get(option) ?? this.#defaults.get(option) ?? null;
  }

  /** All option names of a section, its own first, then those of `[DEFAULT]`. */
  optionNames(section: string): string[] {
    const own = this.#sections.get(section)?.options ?? new Map<string, IniOption>();
    return [...own.keys(), ...[...this.#defaults.keys()].filter((name) => !own.has(name))];
  }

  /** Option names that stand in the section itself. */
  ownOptionNames(section: string): string[] {
    return [...(this.#sections.get(section)?.options.keys() ?? [])];
  }

  /**
   * Replaces the text `%(here)s` in every option of every section.
   *
   * Compat: an option inherited from `[DEFAULT]` becomes the section's own by that, and `%%(here)s` is
   * replaced as well.
   */
  expandHere(directory: string): void {
    const mark = '%(here)s';
    const fresh = this.#fresh;
    this.#fresh = new Set();
    for (const { options } of fresh) {
      for (const [name, option] of new Map([...this.#defaults, ...options])) {
        if (option.value.includes(mark)) {
          options.set(name, { ...option, value: option.value.replaceAll(mark, () => directory) });
        }
      }
    }
  }

  /**
   * Reads the lines of one file. What could be read stays in the document even when something could not.
   *
   * @returns null when all lines were understood.
   */
  read(lines: readonly string[], file: string): SyntaxFailure | null {
    const reader = new FileReader(this.#sections, this.#defaults, this.oddities, file);
    let failure: SyntaxFailure | null = null;
    for (const [index, raw] of lines.entries()) {
      const found = reader.line(raw, index + 1);
      failure ??= found;
    }
    const unfinished = reader.finish();
    for (const section of reader.readsDefaults ? this.#sections.values() : reader.entered) {
      this.#fresh.add(section);
    }
    return failure ?? unfinished;
  }
}

/** An option whose value may still grow by continuation lines. */
interface OpenOption {
  readonly options: Options;
  readonly name: string;
  readonly line: number;
  readonly parts: string[];
}

class FileReader {
  readonly #sections: Map<string, Section>;
  readonly #defaults: Options;
  readonly #oddities: Oddity[];
  readonly #file: string;
  readonly #badLines: { readonly line: number; readonly raw: string }[] = [];
  /** Sections that the file has something to say about. */
  readonly entered = new Set<Section>();
  readsDefaults = false;
  #sectionName = '';
  #options: Options | null = null;
  #open: OpenOption | null = null;
  #indent = 0;

  constructor(sections: Map<string, Section>, defaults: Options, oddities: Oddity[], file: string) {
    this.#sections = sections;
    this.#defaults = defaults;
    this.#oddities = oddities;
    this.#file = file;
  }

  line(raw: string, line: number): SyntaxFailure | null {
    const { text, comment, indent } = readLine(raw);
    if (text === '') {
      if (comment === null) {
        this.#open?.parts.push('');
      }
      return null;
    }
    if (this.#open !== null && indent > this.#indent) {
      this.#open.parts.push(text);
      this.#noteCommentInQuotes(text, comment, line);
      return null;
    }
    this.#indent = indent;
    const header = sectionHeader(text);
    if (header !== null) {
      this.#enter(header, line);
      return null;
    }
    if (this.#options === null) {
      const message = `File contains no section headers.\nfile: ${repr(this.#file)}, line: ${String(line)}\n${repr(raw)}`;
      return { file: this.#file, line, message, immediate: true };
    }
    this.#option(text, raw, line, this.#options);
    this.#noteCommentInQuotes(text, comment, line);
    return null;
  }

  finish(): SyntaxFailure | null {
    this.#close();
    const [first] = this.#badLines;
    if (first === undefined) {
      return null;
    }
    const list = this.#badLines.map(
      ({ line, raw }) => `\n\t[line ${String(line).padStart(2)}]: ${repr(raw)}`,
    );
    const message = `Source contains parsing errors: ${repr(this.#file)}${list.join('')}`;
    return { file: this.#file, line: first.line, message, immediate: false };
  }

  #enter(name: string, line: number): void {
    this.#close();
    this.#sectionName = name;
    const position = { file: this.#file, line };
    const known = this.#sections.get(name);
    if (known !== undefined) {
      this.#oddities.push({
        ...position,
        kind: 'repeated-section',
        section: name,
        option: null,
        value: null,
      });
    } else if (name === defaultSection) {
      this.readsDefaults = true;
      this.#options = this.#defaults;
      return;
    }
    const section = known ?? { options: new Map<string, IniOption>(), header: position };
    this.#sections.set(name, section);
    this.entered.add(section);
    this.#options = section.options;
  }

  #option(text: string, raw: string, line: number, options: Options): void {
    const delimiter = text.search(/[=:]/);
    if (delimiter === -1) {
      // Compat: the option before it stays open for continuation lines.
      this.#badLines.push({ line, raw });
      return;
    }
    const name = stripEnd(text.slice(0, delimiter)).toLowerCase();
    this.#close();
    if (name === '') {
      this.#badLines.push({ line, raw });
      return;
    }
    this.#open = { options, name, line, parts: [strip(text.slice(delimiter + 1))] };
    // The place of an option among the others is that of its first line.
    options.set(name, { file: this.#file, line, value: '' });
  }

  #close(): void {
    if (this.#open !== null) {
      const { options, name, line, parts } = this.#open;
      options.set(name, { file: this.#file, line, value: stripEnd(parts.join('\n')) });
      this.#open = null;
    }
  }

  /** A quote that is opened before the comment sign and closed behind it: the comment was hardly meant. */
  #noteCommentInQuotes(text: string, comment: string | null, line: number): void {
    if (comment !== null && ["'", '"'].some((quote) => isOpen(text, quote) && comment.includes(quote))) {
      const option = this.#open?.name ?? null;
      const position = { file: this.#file, line };
      this.#oddities.push({
        ...position,
        kind: 'comment-in-quotes',
        section: this.#sectionName,
        option,
        value: text,
      });
    }
  }
}

function isOpen(text: string, quote: string): boolean {
  return text.split(quote).length % 2 === 0;
}

/** What stands between the first `[` and the last `]` of a line that begins with one; null if it is no header. */
function sectionHeader(text: string): string | null {
  const end = text.lastIndexOf(']');
  return text.startsWith('[') && end > 1 ? text.slice(1, end) : null;
}
