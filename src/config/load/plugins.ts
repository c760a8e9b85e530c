/** Plugins: what makes an RPC interface, judges the answers of listeners, or adds commands (B11.3, B11.4). */
import { looksLikePython, notPythonForm, pluginForm } from '../../plugin/load.ts';
import { absolutePath, directoryOf } from '../python/paths.ts';
import type { PluginReference, PluginSettings } from '../settings.ts';
import { SectionReader, type LoadContext } from './context.ts';

export interface ReadPlugins {
  readonly plugins: readonly PluginSettings[];
  /** Types of events that their modules declare; null: that cannot be known. */
  readonly eventTypes: readonly string[] | null;
}

/** All sections that begin with `kind` and a colon; `factoryOption` names what makes the plugin. */
export function readPlugins(context: LoadContext, kind: string, factoryOption: string): ReadPlugins {
  const read = context.document
    .sections()
    .filter((section) => section.startsWith(`${kind}:`))
    .map((section) => readPlugin(context, section, factoryOption));
  const eventTypes = read.map((plugin) => plugin.eventTypes);
  return {
    plugins: read.map(({ settings }) => settings),
    eventTypes: eventTypes.some((types) => types === null)
      ? null
      : eventTypes.flatMap((types) => types ?? []),
  };
}

function readPlugin(
  context: LoadContext,
  section: string,
  factoryOption: string,
): { readonly settings: PluginSettings; readonly eventTypes: readonly string[] | null } {
  const reader = new SectionReader(context, section, new Map());
  const factory = reader.text(factoryOption);
  const plugin = pluginReference(reader, factoryOption, factory ?? '');
  let eventTypes: readonly string[] | null = [];
  if (factory !== null) {
    eventTypes = checkPlugin(reader, factoryOption, plugin);
  } else if (reader.raw(factoryOption) === null) {
    reader.error(`section [${section}] does not specify a ${factoryOption}`);
  }
  const options = context.document
    .optionNames(section)
    .filter((name) => name !== factoryOption)
    .map((name): [string, string] => [name, reader.text(name) ?? '']);
  const name = section.slice(section.indexOf(':') + 1);
  const settings = context.made({ name, factory: plugin, options: Object.fromEntries(options) }, section);
  return { settings, eventTypes };
}

/** A plugin as an option names it: relative paths start at the folder of the file that has the option. */
export function pluginReference(reader: SectionReader, option: string, name: string): PluginReference {
  const { context, section } = reader;
  const file = context.document.get(section, option)?.file ?? context.configFile;
  return { name, directory: absolutePath(directoryOf(file), context.world.cwd) };
}

/** Reports a plugin that cannot be loaded; the types of events that it declares. */
export function checkPlugin(
  reader: SectionReader,
  option: string,
  { name, directory }: PluginReference,
): readonly string[] | null {
  const { context, section } = reader;
  const answer = context.world.plugin(name, directory);
  if (answer.ok) {
    return answer.eventTypes;
  }
  reader.error(`${name} cannot be resolved within [${section}]: ${answer.reason}`, {
    option,
    expected: `${option} to be ${looksLikePython(name) ? notPythonForm : pluginForm}`,
  });
  return null;
}
