/**
 * Effective settings as a configuration file would say them, each with the place it comes from in a comment.
 */
import type {
  DescribedConfiguration,
  DescribedOrigin,
  DescribedPart,
  JsonValue,
} from '../../client/configuration.ts';
import { signalName } from '../../config/signals.ts';
import { formatNamespec } from '../../rpc/namespec.ts';
import type { CommandResult } from '../result.ts';

/** Chooses processes by group and name. */
export type ProcessFilter = (group: string, process: string) => boolean;

/** Everything, or only the chosen processes. */
export function effectiveLines(
  configuration: DescribedConfiguration,
  chosen: ProcessFilter | null,
): readonly string[] {
  return partsOf(configuration, chosen).flatMap(({ part, namespec }, index) =>
    index === 0 ? partLines(part, namespec) : ['', ...partLines(part, namespec)],
  );
}

/** The same as data, values as the daemon tells them. */
export function effectiveResults(
  configuration: DescribedConfiguration,
  chosen: ProcessFilter | null,
): readonly CommandResult[] {
  return partsOf(configuration, chosen).map(({ part, namespec }) => ({
    section: part.section,
    name: namespec,
    settings: Object.fromEntries(
      Object.entries(part.fields).map(([field, value = null]) => {
        const { file = null, line = null } = part.origins[field] ?? {};
        return [field, { value, file, line }];
      }),
    ),
  }));
}

interface ShownPart {
  readonly part: DescribedPart;
  /** Null: not a process. */
  readonly namespec: string | null;
}

function partsOf(
  { supervisord, httpServers, rpcInterfaces, groups }: DescribedConfiguration,
  chosen: ProcessFilter | null,
): readonly ShownPart[] {
  const processes = groups.flatMap((group) =>
    group.processes
      .filter(({ name }) => chosen === null || chosen(group.name, name))
      .map((part) => ({ part, namespec: formatNamespec(group.name, part.name) })),
  );
  const sections = [supervisord, ...httpServers, ...rpcInterfaces].map((part) => ({ part, namespec: null }));
  return chosen === null ? [...sections, ...processes] : processes;
}

/** Fields that repeat another one in another form, or are no options. */
const hidden: ReadonlySet<string> = new Set([
  'kind',
  'name',
  'family',
  'gid',
  'uid',
  'logfile_path',
  'loglevel',
  'pidfile_path',
]);

/** Options behind fields of another name. */
const optionNames: Readonly<Record<string, string>> = {
  loglevel_name: 'loglevel',
  has_password: 'password',
  factory: 'supervisor.rpcinterface_factory',
};

/** Values that are written in another form than they are told in. */
const forms: Readonly<Record<string, (value: JsonValue) => string | null>> = {
  umask: octal,
  chmod: octal,
  stopsignal: (value) => (typeof value === 'number' ? signalName(value).replace(/^SIG/, '') : null),
  has_password: (value) => (value === true ? '********' : null),
};

/** Width of the option and its value; the comment stands behind it. */
const textWidth = 48;

function partLines(part: DescribedPart, namespec: string | null): readonly string[] {
  const header = `[${part.section ?? ''}]`;
  const heading = namespec === null ? header : comment(header, namespec);
  const options = Object.entries(part.fields).flatMap(([field, value]) => {
    const text = value === undefined || hidden.has(field) ? null : textOf(field, value);
    const option = optionNames[field] ?? field;
    return text === null ? [] : [comment(`${option}=${text}`, placeOf(part.origins[field]))];
  });
  return [heading, ...options];
}

function comment(text: string, remark: string): string {
  return `${text.padEnd(textWidth)} ; ${remark}`;
}

function placeOf(origin: DescribedOrigin | undefined): string {
  if (origin === undefined) {
    return 'default';
  }
  return origin.file === null ? 'command line' : `${origin.file}:${origin.line ?? '?'}`;
}

/** Null: not set, so there is nothing to show. */
function textOf(field: string, value: JsonValue): string | null {
  if (value === null) {
    return null;
  }
  const form = forms[field];
  if (form !== undefined) {
    return form(value);
  }
  if (Array.isArray(value)) {
    return value.join(',');
  }
  return typeof value === 'object' ? pairs(Object.entries(value)) : String(value);
}

/** As `environment=` has it; null when there are none. */
function pairs(entries: readonly (readonly [string, unknown])[]): string | null {
  return entries.length === 0 ? null : entries.map(([name, value]) => `${name}="${String(value)}"`).join(',');
}

function octal(value: JsonValue): string | null {
  return typeof value === 'number' ? `0${value.toString(8)}` : null;
}
