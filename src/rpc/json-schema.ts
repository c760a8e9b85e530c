/**
 * JSON Schema, as far as the results of methods need it.
 *
 * Source: JSON Schema, draft 2020-12.
 */
export interface JsonSchema {
  /** Of a type with a name of its own. */
  readonly title?: string;
  readonly description?: string;
  readonly type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';
  readonly enum?: readonly string[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema | false;
  readonly prefixItems?: readonly JsonSchema[];
  readonly minItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly default?: unknown;
}

export const text: JsonSchema = { type: 'string' };
export const integer: JsonSchema = { type: 'integer' };
export const truth: JsonSchema = { type: 'boolean' };

export function listOf(items: JsonSchema): JsonSchema {
  return { type: 'array', items };
}

/** An array of so many items. */
export function tuple(...prefixItems: readonly JsonSchema[]): JsonSchema {
  return { type: 'array', prefixItems, items: false, minItems: prefixItems.length };
}

export function oneOf(...anyOf: readonly JsonSchema[]): JsonSchema {
  return { anyOf };
}

export function word(...words: readonly string[]): JsonSchema {
  return { type: 'string', enum: words };
}

/** A struct with a name of its own, and its members; those whose names end with `?` may be missing. */
export function struct(
  title: string,
  description: string,
  members: Readonly<Record<string, JsonSchema>>,
): JsonSchema {
  const entries = Object.entries(members);
  return {
    title,
    description,
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, schema]) => [name.replace(/\?$/, ''), schema])),
    required: entries.map(([name]) => name).filter((name) => !name.endsWith('?')),
  };
}

/** With a remark on what it means. */
export function meaning(description: string, schema: JsonSchema): JsonSchema {
  return { ...schema, description };
}
