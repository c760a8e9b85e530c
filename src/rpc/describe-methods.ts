/**
 * The methods for programs: a JSON schema of the parameters and the result of each, and the same as types of TypeScript, both from
 * the method table.
 */
import type { JsonSchema } from './json-schema.ts';
import type { RpcMethod, RpcTypeName } from './method.ts';
import type { RpcNamespace } from './registry.ts';

const schemaOfType: Readonly<Record<RpcTypeName, JsonSchema>> = {
  string: { type: 'string' },
  int: { type: 'integer' },
  boolean: { type: 'boolean' },
  array: { type: 'array' },
  struct: { type: 'object' },
};

interface DescribedMethod {
  readonly description: string;
  /** A schema of the array of arguments. */
  readonly params: JsonSchema & { readonly maxItems: number };
  readonly result: JsonSchema;
}

/** By full name, in the order of the table; aliases are methods as well. */
export function methodSchemas(
  namespaces: readonly RpcNamespace[],
): Readonly<Record<string, DescribedMethod>> {
  return Object.fromEntries(
    namespaces.flatMap(({ name: namespace, methods }) =>
      methods.flatMap((method) =>
        [method.name, ...method.aliases].map((name) => [`${namespace}.${name}`, describe(method)] as const),
      ),
    ),
  );
}

function describe({ summary, parameters, result }: RpcMethod): DescribedMethod {
  const prefixItems = parameters.map((parameter) => ({
    title: parameter.name,
    description: parameter.summary,
    ...(parameter.schema ?? schemaOfType[parameter.type]),
    ...(parameter.fallback === null ? {} : { default: parameter.fallback.value }),
  }));
  return {
    description: summary,
    params: {
      type: 'array',
      // An empty list is not allowed.
      ...(prefixItems.length === 0 ? {} : { prefixItems }),
      minItems: parameters.filter(({ fallback }) => fallback === null).length,
      maxItems: parameters.length,
    },
    result: { description: result.summary, ...(result.schema ?? schemaOfType[result.type]) },
  };
}

const head = `/**
 * The methods of the XML-RPC API with their parameters and results.
 *
 * Generated from the tables in \`src/rpc/methods/\` by a test, which keeps it true (update: npm test -- -u).
 */
`;

/** A module with an interface for each struct, and one that has them all by the name of the method. */
export function renderMethodTypes(namespaces: readonly RpcNamespace[]): string {
  const structs = new Map<string, JsonSchema>();
  const methods = Object.entries(methodSchemas(namespaces)).map(([name, { description, params, result }]) => {
    const types = (params.prefixItems ?? []).map((parameter, index) => {
      const optional = index < (params.minItems ?? 0) ? '' : '?';
      return `${parameter.title ?? `argument${index}`}${optional}: ${typeOf(parameter, structs, true)}`;
    });
    return (
      `  /** ${description} Result: ${result.description ?? ''} */\n` +
      `  readonly '${name}': {\n    readonly params: readonly [${types.join(', ')}];\n` +
      `    readonly result: ${typeOf(result, structs)};\n  };`
    );
  });
  const interfaces = [...structs].map(([name, schema]) => renderStruct(name, schema, structs));
  return `${head}\n${interfaces.join('\n\n')}\n\n/** By full name. */\nexport interface RpcMethods {\n${methods.join('\n')}\n}\n`;
}

function renderStruct(name: string, schema: JsonSchema, structs: Map<string, JsonSchema>): string {
  const members = Object.entries(schema.properties ?? {}).map(([member, type]) => {
    const optional = schema.required?.includes(member) === true ? '' : '?';
    const remark =
      type.description === undefined || type.title !== undefined ? '' : `  /** ${type.description} */\n`;
    return `${remark}  readonly ${member}${optional}: ${typeOf(type, structs)};`;
  });
  return `/** ${schema.description ?? ''} */\nexport interface ${name} {\n${members.join('\n')}\n}`;
}

/** The type of a schema; structs with a name are collected, and named. `isParameter`: its title is no type's. */
function typeOf(schema: JsonSchema, structs: Map<string, JsonSchema>, isParameter = false): string {
  const { title, enum: words, anyOf, prefixItems, items, properties } = schema;
  if (title !== undefined && properties !== undefined && !isParameter) {
    if (!structs.has(title)) {
      structs.set(title, schema);
      // Those inside come before.
      Object.values(properties).forEach((member) => typeOf(member, structs));
    }
    return title;
  }
  if (words !== undefined) {
    return words.map((one) => `'${one}'`).join(' | ');
  }
  if (anyOf !== undefined) {
    return anyOf.map((one) => typeOf(one, structs)).join(' | ');
  }
  if (prefixItems !== undefined) {
    return `readonly [${prefixItems.map((item) => typeOf(item, structs)).join(', ')}]`;
  }
  switch (schema.type) {
    case 'string':
      return 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'array': {
      const item = items === undefined || items === false ? 'unknown' : typeOf(items, structs);
      return `readonly ${item.includes('|') ? `(${item})` : item}[]`;
    }
    case 'object':
      return 'Readonly<Record<string, unknown>>';
    default:
      return 'unknown';
  }
}
