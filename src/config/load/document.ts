/**
 * Reading the configuration file and the files that it includes into one document.
 *
 * Source: Supervisor manual, "[include] Section Settings"; order and quirks by observation.
 */
import { decodeLines } from '../python/decode.ts';
import { glob } from '../python/glob.ts';
import { absolutePath, directoryOf, joinPath } from '../python/paths.ts';
import { compareText, words } from '../python/text.ts';
import type { FileContent } from '../world.ts';
import { expand } from '../expansion.ts';
import type { LoadContext } from './context.ts';
import type { NameValue } from '../python/format-names.ts';

const include = 'include';

/** Reads the main file; false when there is nothing to go on with. */
export function readMainFile(context: LoadContext): boolean {
  const { configFile, world } = context;
  const content = world.readFile(configFile);
  if (!content.ok) {
    const verb = content.reason === 'missing' ? 'find' : 'read';
    failFile(context, configFile, null, `could not ${verb} config file ${configFile}`);
    return false;
  }
  readLines(context, configFile, content.bytes);
  return true;
}

/** Reads what `[include]` names (B11.1, B11.2). */
export function readIncludedFiles(context: LoadContext): void {
  const { document, world } = context;
  if (!document.has(include)) {
    return;
  }
  document.expandHere(context.here);
  const files = document.get(include, 'files');
  if (files === null) {
    context.error(include, '.ini file has [include] section, but no files setting');
    return;
  }
  const names = (): Map<string, NameValue> =>
    new Map([['here', context.here], ['host_node_name', world.hostname], ...context.environment]);
  const expanded = expand(files.value, names, 'include.files');
  if (!expanded.ok) {
    const suggestion = 'suggestion' in expanded ? expanded.suggestion : null;
    const expected = suggestion === null ? null : `a known name; the closest is ${suggestion}`;
    context.error(include, expanded.message, { option: 'files', expected });
    return;
  }
  const base = directoryOf(absolutePath(context.configFile, world.cwd));
  for (const word of words(expanded.value)) {
    readMatches(context, joinPath(base, word));
  }
}

function readMatches(context: LoadContext, pattern: string): void {
  const { document, world } = context;
  if (pattern.includes('\0') && /[*?[]/.test(pattern)) {
    context.error(include, 'embedded null byte', { option: 'files' });
    return;
  }
  const matches = glob(pattern, world).sort(compareText);
  if (matches.length === 0) {
    context.warn(include, 'files', `No file matches via include "${pattern}"`);
  }
  for (const path of matches) {
    context.infos.push(`Included extra file "${path}" during parsing`);
    // Compat: what cannot be opened, a directory for one, is passed over.
    const content: FileContent = world.readFile(path);
    if (content.ok) {
      readLines(context, path, content.bytes);
    }
    document.expandHere(absolutePath(directoryOf(path), world.cwd));
  }
}

function readLines(context: LoadContext, file: string, bytes: Uint8Array): void {
  const { lines, failure } = decodeLines(bytes);
  const broken = context.document.read(lines, file);
  const failures = [
    ...(broken === null ? [] : [{ ...broken, expected: 'a [section] header or option=value' }]),
    ...(failure === null
      ? []
      : [{ line: failure.line, message: failure.message, immediate: true, expected: 'text in UTF-8' }]),
  ];
  // Bad lines are reported at the end of a file, which one that cannot be decoded never reaches.
  for (const { line, message, expected } of failures.sort(
    (a, b) => Number(b.immediate) - Number(a.immediate),
  )) {
    failFile(context, file, line, message, expected);
  }
}

function failFile(
  context: LoadContext,
  file: string,
  line: number | null,
  message: string,
  expected: string | null = null,
): void {
  context.fail({
    severity: 'error',
    file,
    line,
    section: null,
    option: null,
    value: null,
    expected,
    message,
  });
}
