/** The configuration of a running daemon as its JSON API describes it. */
import { MalformedReplyError } from './errors.ts';

/** What JSON can say. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue | undefined };

/** Where a value was written; no file: on the daemon's command line. */
export interface DescribedOrigin {
  readonly file: string | null;
  readonly line: number | null;
}

/** A section, a process or a group: fields by name, and the origins of those that are no defaults. */
export interface DescribedPart {
  /** Header of the section it was made from. */
  readonly section: string | null;
  readonly fields: Readonly<Record<string, JsonValue | undefined>>;
  readonly origins: Readonly<Record<string, DescribedOrigin | undefined>>;
}

export interface DescribedGroup extends DescribedPart {
  readonly name: string;
  readonly processes: readonly (DescribedPart & { readonly name: string })[];
}

export interface DescribedConfiguration {
  readonly supervisord: DescribedPart;
  readonly httpServers: readonly DescribedPart[];
  readonly rpcInterfaces: readonly DescribedPart[];
  readonly groups: readonly DescribedGroup[];
}

type JsonObject = Readonly<Record<string, JsonValue | undefined>>;

/** Throws MalformedReplyError. */
export function readConfiguration(body: Buffer): DescribedConfiguration {
  const root = objectOf(parse(body));
  return {
    supervisord: part(root['supervisord']),
    httpServers: listOf(root['http_servers']).map(part),
    rpcInterfaces: listOf(root['rpcinterfaces']).map(part),
    groups: listOf(root['groups']).map((value) => {
      const { processes, ...group } = objectOf(value);
      return { ...named(group), processes: listOf(processes).map(named) };
    }),
  };
}

function parse(body: Buffer): JsonValue {
  try {
    return JSON.parse(body.toString()) as JsonValue;
  } catch (error) {
    throw malformed(String(error));
  }
}

function named(value: JsonValue | undefined): DescribedPart & { readonly name: string } {
  const described = part(value);
  const { name } = described.fields;
  if (typeof name !== 'string') {
    throw malformed('a part has no name');
  }
  return { ...described, name };
}

function part(value: JsonValue | undefined): DescribedPart {
  const { section = null, origins = {}, ...fields } = objectOf(value);
  return {
    section: typeof section === 'string' ? section : null,
    fields,
    origins: Object.fromEntries(
      Object.entries(objectOf(origins)).map(([name, place]) => [name, origin(place)]),
    ),
  };
}

function origin(value: JsonValue | undefined): DescribedOrigin {
  const { file, line } = objectOf(value);
  return {
    file: typeof file === 'string' ? file : null,
    line: typeof line === 'number' ? line : null,
  };
}

function objectOf(value: JsonValue | undefined): JsonObject {
  if (typeof value === 'object' && value !== null && !isList(value)) {
    return value;
  }
  throw malformed('expected an object');
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (value !== undefined && isList(value)) {
    return value;
  }
  throw malformed('expected a list');
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function malformed(reason: string): MalformedReplyError {
  return new MalformedReplyError('/api/v1/config', reason);
}
