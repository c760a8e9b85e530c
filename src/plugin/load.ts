/**
 * Loading what a configuration names as a plugin, and nothing else.
 *
 * Modules are loaded in one step, as `require` does it, so that reading a configuration stays one, and changes nothing when
 * one of them is broken. Node keeps modules: one that was loaded stays as it was for the life of the process.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** A function that was loaded, and what else its module exports. */
export interface PluginExport {
  readonly value: (...args: readonly unknown[]) => unknown;
  readonly module: Readonly<Record<string, unknown>>;
}

export type PluginOutcome =
  | ({ readonly ok: true; readonly kind: 'module' } & PluginExport)
  /** One that comes with the program, under the name that existing configurations have for it. */
  | { readonly ok: true; readonly kind: 'stock' }
  | { readonly ok: false; readonly reason: string };

const stockPlugins: ReadonlySet<string> = new Set([
  'supervisor.rpcinterface:make_main_rpcinterface',
  'supervisor.dispatchers:default_handler',
]);

/** What a plugin has to be, to follow "expected". */
export const pluginForm =
  'a plugin that comes with the program, or a function of an ES module as ./file.mjs:name or package:name';

/** The same for a name that only Python could load. */
export const notPythonForm = `${pluginForm}; Python plugins cannot be loaded`;

const noExport = 'it does not name what the module exports';

/** `module:name` without blanks, or what Python's entry points may be: blanks around the colon, extras in brackets. */
const pluginNames = /^(?:\S+:\w+|[\w.]+\s*(?::\s*[\w.]+\s*)?(?:\[[^\]]*\]\s*)?)$/;

/** What is wrong with a text that cannot name a plugin, whatever is installed; null: nothing. */
export function pluginNameProblem(plugin: string): string | null {
  if (pluginNames.test(plugin)) {
    return null;
  }
  return /:\w+$/.test(plugin) ? 'it is no name of a plugin' : noExport;
}

/** Loads `module:name`; relative paths and packages are looked for from `directory`. */
export function loadPlugin(plugin: string, directory: string): PluginOutcome {
  if (stockPlugins.has(plugin)) {
    return { ok: true, kind: 'stock' };
  }
  const colon = plugin.lastIndexOf(':');
  const specifier = colon < 0 ? plugin : plugin.slice(0, colon);
  const name = colon < 0 ? '' : plugin.slice(colon + 1);
  const file = isPath(specifier) ? path.resolve(directory, specifier) : null;
  if (file !== null && !existsSync(file)) {
    return refuse(`there is no file ${file}`);
  }
  const problem = name === '' ? noExport : pluginNameProblem(plugin);
  if (problem !== null) {
    return refuse(problem);
  }
  const loaded = loadModule(file ?? specifier, directory);
  if (!loaded.ok) {
    return loaded;
  }
  const { module } = loaded;
  const value = Object.hasOwn(module, name) ? module[name] : undefined;
  if (!isFunction(value)) {
    const what = value === undefined ? `has no export ${name}` : `exports ${name}, which is no function`;
    return refuse(`the module ${what}; it exports ${Object.keys(module).join(', ') || 'nothing'}`);
  }
  return { ok: true, kind: 'module', value, module };
}

/** Whether the name could be one of Python: words with dots between them. */
export function looksLikePython(plugin: string): boolean {
  return /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?::\w+)?$/.test(plugin);
}

function isPath(specifier: string): boolean {
  return /^\.{0,2}\//.test(specifier);
}

type ModuleOutcome =
  | { readonly ok: true; readonly module: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly reason: string };

function loadModule(specifier: string, directory: string): ModuleOutcome {
  try {
    const loaded: unknown = createRequire(path.join(directory, 'plugins'))(specifier);
    const isModule = (typeof loaded === 'object' || typeof loaded === 'function') && loaded !== null;
    return { ok: true, module: isModule ? Object.fromEntries(Object.entries(loaded)) : {} };
  } catch (error) {
    return refuse(reasonOf(error, specifier));
  }
}

function reasonOf(error: unknown, specifier: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  const [firstLine = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  if (code === 'MODULE_NOT_FOUND' && firstLine.includes(`'${specifier}'`)) {
    return noModule(specifier);
  }
  if (code === 'ERR_REQUIRE_ASYNC_MODULE') {
    return `cannot load ${specifier}: it has an await outside of functions, which plugins cannot have`;
  }
  const kind = error instanceof Error ? `${error.name}: ` : '';
  return `cannot load ${specifier}: ${kind}${firstLine}${placeOf(error)}`;
}

/** Compat: that a module is missing is said as Python says it. */
export function noModule(specifier: string): string {
  return `No module named '${specifier.split(/[.:]/)[0] ?? specifier}'`;
}

/** Where in its source a module threw; empty when it did not come to that. */
function placeOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const place = /\((file:\/\/[^)]+|\/[^)]+)\)|at (file:\/\/\S+)/.exec(stack);
  return place === null ? '' : ` (${place[1] ?? place[2] ?? ''})`;
}

function isFunction(value: unknown): value is PluginExport['value'] {
  return typeof value === 'function';
}

function refuse(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}
