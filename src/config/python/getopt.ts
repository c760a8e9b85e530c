/**
 * Command line options as Python's `getopt.getopt` reads them, with its messages.
 *
 * Options end at the first other argument, at `-` or behind `--`; long names may be cut to an unambiguous beginning.
 * Source: Python library reference, `getopt`; texts by observation.
 */
import { parsed, refused, type Parsed } from './parsed.ts';

export interface OptionForm {
  /** One letter, or null. */
  readonly short: string | null;
  /** Without dashes, or null. */
  readonly long: string | null;
  /** What its value is called; null: it takes none. */
  readonly value: string | null;
  /** The long name may be cut to a beginning that no other such option has. */
  readonly abbreviable: boolean;
  /** Of a long name: the value stands behind `=` and may be left out. Not Python's. */
  readonly isValueOptional?: true;
}

/** An option as it was given: its name with dashes, spelt out, and its value or the empty text. */
export interface GivenOption<F extends OptionForm> {
  readonly form: F;
  readonly name: string;
  readonly value: string;
}

export interface Arguments<F extends OptionForm> {
  readonly options: readonly GivenOption<F>[];
  /** What follows the options. */
  readonly rest: readonly string[];
}

/** Splits a command line, without the name of the program, into options and the rest. */
export function getopt<F extends OptionForm>(
  argv: readonly string[],
  forms: readonly F[],
): Parsed<Arguments<F>> {
  const rest = [...argv];
  const options: GivenOption<F>[] = [];
  for (let [first] = rest; first?.startsWith('-') === true && first !== '-'; [first] = rest) {
    rest.shift();
    if (first === '--') {
      break;
    }
    const given = first.startsWith('--')
      ? parseLong(first.slice(2), forms, rest)
      : parseCluster(first.slice(1), forms, rest);
    if (!given.ok) {
      return given;
    }
    options.push(...given.value);
  }
  return parsed({ options, rest });
}

function parseLong<F extends OptionForm>(
  text: string,
  forms: readonly F[],
  rest: string[],
): Parsed<GivenOption<F>[]> {
  const equals = text.indexOf('=');
  const typed = equals === -1 ? text : text.slice(0, equals);
  const found = findLong(typed, forms);
  if (!found.ok) {
    return found;
  }
  const form = found.value;
  const name = `--${form.long ?? ''}`;
  if (form.value === null) {
    return equals === -1
      ? parsed([{ form, name, value: '' }])
      : refused(`option ${name} must not have an argument`);
  }
  const next = (): string | undefined => (form.isValueOptional === true ? '' : rest.shift());
  const value = equals === -1 ? next() : text.slice(equals + 1);
  return value === undefined ? refused(`option ${name} requires argument`) : parsed([{ form, name, value }]);
}

function findLong<F extends OptionForm>(typed: string, forms: readonly F[]): Parsed<F> {
  const exact = forms.find((form) => form.long === typed);
  if (exact !== undefined) {
    return parsed(exact);
  }
  const [found, ...others] = forms.filter(
    (form) => form.abbreviable && form.long?.startsWith(typed) === true,
  );
  if (found === undefined) {
    return refused(`option --${typed} not recognized`);
  }
  return others.length > 0 ? refused(`option --${typed} not a unique prefix`) : parsed(found);
}

/** A cluster of letters; what follows a letter with a value is that value. */
function parseCluster<F extends OptionForm>(
  cluster: string,
  forms: readonly F[],
  rest: string[],
): Parsed<GivenOption<F>[]> {
  const letters = Array.from(cluster);
  const options: GivenOption<F>[] = [];
  for (let letter = letters.shift(); letter !== undefined; letter = letters.shift()) {
    const name = `-${letter}`;
    const form = forms.find((candidate) => candidate.short === letter);
    if (form === undefined) {
      return refused(`option ${name} not recognized`);
    }
    const attached = form.value === null ? '' : letters.splice(0).join('');
    const value = form.value !== null && attached === '' ? rest.shift() : attached;
    if (value === undefined) {
      return refused(`option ${name} requires argument`);
    }
    options.push({ form, name, value });
  }
  return parsed(options);
}
