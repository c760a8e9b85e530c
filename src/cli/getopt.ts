/**
 * Command line options as Python's `getopt.getopt` reads them, with its messages.
 *
 * Options end at the first other argument, at `-` or behind `--`; long names may be cut to an unambiguous beginning.
 * Source: Python library reference, `getopt`; texts by observation.
 */
export interface OptionForm {
  /** One letter, or null. */
  readonly short: string | null;
  /** Without dashes, or null. */
  readonly long: string | null;
  /** Another long name, which has to be spelt out. */
  readonly alias?: string;
  /** What its value is called; null: it takes none. */
  readonly value: string | null;
}

/** An option as it was given: its name with dashes, spelt out, and its value or the empty text. */
export interface GivenOption<F extends OptionForm> {
  readonly form: F;
  readonly name: string;
  readonly value: string;
}

export type ParsedArguments<F extends OptionForm> =
  | { readonly ok: true; readonly options: readonly GivenOption<F>[]; readonly rest: readonly string[] }
  | { readonly ok: false; readonly message: string };

/** A command line that cannot be understood; never leaves this module. */
class BadArguments extends Error {}

export function parseArguments<F extends OptionForm>(
  args: readonly string[],
  forms: readonly F[],
): ParsedArguments<F> {
  const rest = [...args];
  const options: GivenOption<F>[] = [];
  try {
    for (;;) {
      const [first] = rest;
      if (first === undefined || !first.startsWith('-') || first === '-') {
        break;
      }
      rest.shift();
      if (first === '--') {
        break;
      }
      if (first.startsWith('--')) {
        options.push(parseLong(first.slice(2), forms, rest));
      } else {
        options.push(...parseShort(first.slice(1), forms, rest));
      }
    }
  } catch (error) {
    if (error instanceof BadArguments) {
      return { ok: false, message: error.message };
    }
    throw error;
  }
  return { ok: true, options, rest };
}

function parseLong<F extends OptionForm>(text: string, forms: readonly F[], rest: string[]): GivenOption<F> {
  const equals = text.indexOf('=');
  const typed = equals === -1 ? text : text.slice(0, equals);
  const value = equals === -1 ? undefined : text.slice(equals + 1);
  const form = findLong(typed, forms);
  const name = `--${form.long}`;
  if (form.value === null) {
    if (value !== undefined) {
      throw new BadArguments(`option ${name} must not have an argument`);
    }
    return { form, name, value: '' };
  }
  return { form, name, value: value ?? takeValue(name, rest) };
}

function findLong<F extends OptionForm>(typed: string, forms: readonly F[]): F {
  const exact = forms.find((form) => form.long === typed || form.alias === typed);
  if (exact !== undefined) {
    return exact;
  }
  const [found, ...others] = forms.filter((form) => form.long?.startsWith(typed) === true);
  if (found === undefined) {
    throw new BadArguments(`option --${typed} not recognized`);
  }
  if (others.length > 0) {
    throw new BadArguments(`option --${typed} not a unique prefix`);
  }
  return found;
}

/** A cluster of letters; what follows a letter with a value is that value. */
function parseShort<F extends OptionForm>(
  cluster: string,
  forms: readonly F[],
  rest: string[],
): readonly GivenOption<F>[] {
  const letters = Array.from(cluster);
  const options: GivenOption<F>[] = [];
  for (let letter = letters.shift(); letter !== undefined; letter = letters.shift()) {
    const name = `-${letter}`;
    const form = findShort(letter, forms);
    if (form.value === null) {
      options.push({ form, name, value: '' });
      continue;
    }
    const attached = letters.splice(0).join('');
    options.push({ form, name, value: attached === '' ? takeValue(name, rest) : attached });
  }
  return options;
}

function findShort<F extends OptionForm>(letter: string, forms: readonly F[]): F {
  const form = forms.find((candidate) => candidate.short === letter);
  if (form === undefined) {
    throw new BadArguments(`option -${letter} not recognized`);
  }
  return form;
}

function takeValue(name: string, rest: string[]): string {
  const value = rest.shift();
  if (value === undefined) {
    throw new BadArguments(`option ${name} requires argument`);
  }
  return value;
}
