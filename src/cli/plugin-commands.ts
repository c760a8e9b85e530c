/**
 * Commands that `[ctlplugin:x]` plugins add to supervisorctl.
 *
 * Source: Supervisor manual, "[ctlplugin:x]"; B11.4.
 */
import type { PluginSettings } from '../config/settings.ts';
import { loadPlugin } from '../plugin/load.ts';
import type { ControlCommand, ControlContext } from '../plugin/plugin.ts';
import { isRecord } from '../plugin/record.ts';
import type { Command, CommandContext } from './command.ts';
import { isUp } from './up-check.ts';

export type PluginCommands =
  | { readonly ok: true; readonly commands: readonly Command[] }
  /** The message belongs behind "Error: ". */
  | { readonly ok: false; readonly message: string };

/**
 * Makes the commands of all plugins.
 *
 * @param existing the commands that there are already, which no plugin replaces.
 * @param warn takes a line about a command that is left out for that.
 */
export function pluginCommands(
  plugins: readonly PluginSettings[],
  existing: readonly Command[],
  warn: (line: string) => void,
): PluginCommands {
  const commands: Command[] = [];
  for (const plugin of plugins) {
    const made = commandsOf(plugin);
    if (typeof made === 'string') {
      return {
        ok: false,
        message: `cannot use ${plugin.factory.name} of [ctlplugin:${plugin.name}]: ${made}`,
      };
    }
    for (const command of made) {
      if ([...existing, ...commands].some(({ name }) => name === command.name)) {
        warn(`[ctlplugin:${plugin.name}] cannot replace the command ${command.name}`);
      } else {
        commands.push(command);
      }
    }
  }
  return { ok: true, commands };
}

/** What the factory makes, or what is wrong with it. */
function commandsOf({ name: plugin, factory, options }: PluginSettings): readonly Command[] | string {
  const loaded = loadPlugin(factory.name, factory.directory);
  if (!loaded.ok) {
    return loaded.reason;
  }
  if (loaded.kind === 'stock') {
    return 'it makes no commands';
  }
  try {
    const made = loaded.value(options);
    const rows = isRecord(made) ? made['commands'] : undefined;
    if (!isRecord(rows)) {
      return 'it did not make an object with commands';
    }
    const wrong = Object.entries(rows).find(([name, row]) => !/^\w+$/.test(name) || !isCommand(row));
    if (wrong !== undefined) {
      return `its command ${wrong[0]} needs a name of letters and digits, a summary and a function run`;
    }
    return Object.entries(rows).map(([name, row]) => asCommand(plugin, name, row as ControlCommand));
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

function isCommand(row: unknown): row is ControlCommand {
  return isRecord(row) && typeof row['run'] === 'function' && typeof row['summary'] === 'string';
}

function asCommand(plugin: string, name: string, command: ControlCommand): Command {
  const { summary, help, completes = 'none' } = command;
  return {
    name,
    summary,
    help: help ?? [[name, summary]],
    completes,
    options: [],
    results: null,
    listing: `plugin ${plugin}`,
    async run(context, argument) {
      await command.run(faceOf(context), argument);
    },
  };
}

/** As much of the context as plugins are promised. */
function faceOf(context: CommandContext): ControlContext {
  return {
    serverUrl: context.serverUrl,
    interactive: context.interactive,
    get exitStatus() {
      return context.exitStatus;
    },
    set exitStatus(status) {
      context.exitStatus = status;
    },
    isUp: () => isUp(context),
    call: (method, ...params) => context.client.call(method, params),
    output: (line) => context.output(line),
    warn: (line) => context.warn(line),
    ask: (prompt) => context.ask(prompt),
  };
}
