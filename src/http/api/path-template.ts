/**
 * Paths with placeholders, such as `/processes/{name}/start`.
 *
 * The path is taken apart before it is decoded, so that a name may contain a slash when it is written as `%2F`.
 */

/** The decoded values of the placeholders; null when the path is another one or cannot be decoded. */
export function matchPath(template: string, path: string): Readonly<Record<string, string>> | null {
  const wanted = template.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) {
    return null;
  }
  const values: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const decoded = decode(given[index] ?? '');
    const [, name] = /^\{(.+)\}$/.exec(part) ?? [];
    if (decoded === null || (name === undefined ? decoded !== part : decoded === '')) {
      return null;
    }
    if (name !== undefined) {
      values[name] = decoded;
    }
  }
  return values;
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
