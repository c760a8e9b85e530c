/** Plugins: what makes an RPC interface, judges the answers of listeners, or adds commands (B11.3, B11.4). */
import { repr } from '../python/repr.ts';
import type { RpcInterfaceSettings } from '../settings.ts';
import { SectionReader, type LoadContext } from './context.ts';

/** A plugin section: its name, what makes the plugin, and the options for that. */
export type PluginSettings = RpcInterfaceSettings;

/** All sections that begin with `kind` and a colon; `factoryOption` names what makes the plugin. */
export function readPlugins(context: LoadContext, kind: string, factoryOption: string): PluginSettings[] {
  return context.document
    .sections()
    .filter((section) => section.startsWith(`${kind}:`))
    .map((section) => readPlugin(context, section, factoryOption));
}

function readPlugin(context: LoadContext, section: string, factoryOption: string): PluginSettings {
  const reader = new SectionReader(context, section, new Map());
  const factory = reader.text(factoryOption);
  if (factory !== null) {
    checkPlugin(reader, factoryOption, factory);
  } else if (reader.raw(factoryOption) === null) {
    reader.error(`section [${section}] does not specify a ${factoryOption}`);
  }
  const options = context.document
    .optionNames(section)
    .filter((name) => name !== factoryOption)
    .map((name): [string, string] => [name, reader.text(name) ?? '']);
  const name = section.slice(section.indexOf(':') + 1);
  return context.made({ name, factory: factory ?? '', options: Object.fromEntries(options) }, section);
}

/** Reports a plugin that cannot be loaded. */
export function checkPlugin(reader: SectionReader, option: string, plugin: string): void {
  const { context, section } = reader;
  if (!context.world.moduleExists(plugin, context.here)) {
    const [module = ''] = plugin.split(':');
    const missing = `No module named ${repr(module.split('.')[0] ?? module)}`;
    reader.error(`${plugin} cannot be resolved within [${section}]: ${missing}`, {
      option,
      expected: 'a plugin that comes with the program, or an ES module as ./file.mjs:name or package:name',
    });
  }
}
