/** JSON text with whole numbers of any size, keys in the order given. */

export type JsonValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };

/** As `JSON.stringify(value, null, 2)`; undefined members are left out. */
export function toJson(value: JsonValue, indent = ''): string {
  if (typeof value === 'bigint') {
    return String(value);
  }
  if (value === null || typeof value !== 'object') {
    return JSON.stringify(value);
  }
  const inner = `${indent}  `;
  if (isList(value)) {
    return brackets(
      '[',
      value.map((item) => toJson(item, inner)),
      ']',
      indent,
    );
  }
  const members = Object.entries(value).flatMap(([key, item]) =>
    item === undefined ? [] : [`${JSON.stringify(key)}: ${toJson(item, inner)}`],
  );
  return brackets('{', members, '}', indent);
}

function isList(value: readonly JsonValue[] | object): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function brackets(open: string, items: readonly string[], close: string, indent: string): string {
  return items.length === 0
    ? open + close
    : `${open}\n${items.map((item) => `${indent}  ${item}`).join(',\n')}\n${indent}${close}`;
}
