/** The `supervisord` program: does what its command line asks for. */
import { inspectConfig } from '../config/inspect.ts';
import { nodeWorld } from '../config/node-world.ts';
import { findConfigFile, searchWarning } from '../config/search.ts';
import { userFiles } from '../config/user-files.ts';
import type { UserDatabase, World } from '../config/world.ts';
import { hashPassword } from '../http/access/password.ts';
import { loadBinding } from '../native/index.ts';
import { packageVersion } from '../system/version.ts';
import { type CommandLine, helpText, parseCommandLine } from './command-line.ts';
import { askForPassword } from './ask-password.ts';
import { takeLauncherFacts } from './launcher.ts';
import { runDaemon } from './run.ts';
import { nativeUsers } from './user-database.ts';
import { usageErrorText, usageExitCode } from './usage.ts';

/** What one call of the program is about. */
interface Call {
  readonly program: string;
  readonly argv: readonly string[];
  readonly commandLine: CommandLine;
  readonly world: World;
  readonly toldSoftNofile: number | null;
}

type Mode = CommandLine['mode'];

const modes: Readonly<Record<Mode, (call: Call) => number | Promise<number>>> = {
  help: ({ program }) => print(helpText(program)),
  version: () => print(`${packageVersion}\n`),
  'dump-config': inspect,
  check: inspect,
  'hash-password': ({ program }) => printHash(program),
  run,
};

/** Resolves to the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const toldSoftNofile = takeLauncherFacts(process.env);
  const program = process.argv[1] ?? 'supervisord';
  const world = nodeWorld(userDatabase());
  const parsed = parseCommandLine(argv, world);
  if (!parsed.ok) {
    return refuse(parsed.message, program);
  }
  const { commandLine } = parsed;
  return modes[commandLine.mode]({ program, argv, commandLine, world, toldSoftNofile });
}

function run({ program, argv, commandLine, world, toldSoftNofile }: Call): number | Promise<number> {
  const { configFile, overrides, profileOptions } = commandLine;
  const request = { overrides, profiled: profileOptions !== null, program, args: argv, toldSoftNofile };
  if (configFile !== null) {
    return runDaemon({ ...request, configFile });
  }
  if (world.uid === 0) {
    process.stderr.write(searchWarning(program));
  }
  const found = findConfigFile(world, program);
  return found.ok ? runDaemon({ ...request, configFile: found.configFile }) : refuse(found.message, program);
}

function inspect({ program, commandLine, world }: Call): number {
  const mode = commandLine.mode === 'check' ? 'check' : 'dump-config';
  const result = inspectConfig({ ...commandLine, mode }, world, program);
  if (!result.ok) {
    return refuse(result.message, program);
  }
  print(result.stdout);
  return result.exitCode;
}

async function printHash(program: string): Promise<number> {
  const asked = await askForPassword(process);
  return asked.ok ? print(`${await hashPassword(asked.password)}\n`) : refuse(asked.message, program);
}

/** Reading a configuration must not need the addon: without it, users come from the files in /etc. */
function userDatabase(): UserDatabase {
  try {
    return nativeUsers(loadBinding());
  } catch {
    return userFiles();
  }
}

function print(text: string): 0 {
  process.stdout.write(text);
  return 0;
}

function refuse(message: string, program: string): number {
  process.stderr.write(usageErrorText(message, program));
  return usageExitCode;
}
