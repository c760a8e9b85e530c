/** The daemon from its command line to its exit code: one life after another, until one ends in a shutdown. */
import { fileURLToPath } from 'node:url';
import { describeProblems, problemText } from '../config/problem-text.ts';
import { loadSettings } from '../config/load.ts';
import type { DaemonOverrides } from '../config/load/daemon.ts';
import { nodeWorld } from '../config/node-world.ts';
import type { Problem } from '../config/problems.ts';
import type { Settings } from '../config/settings.ts';
import type { World } from '../config/world.ts';
import { sendNotification } from '../native/notify-socket.ts';
import { readAssets } from './assets.ts';
import { describeError } from './contained-errors.ts';
import { BackgroundLaunch, startInBackground } from './detach.ts';
import { type InstanceRequest, runInstance } from './instance.ts';
import { startingSoftNofile } from './limits.ts';
import { type Machine, openMachine } from './machine.ts';
import { withCpuProfile } from './profile.ts';
import { readWithoutWaiting } from './reading.ts';
import { ServiceManager } from './service-manager.ts';
import type { Configuration } from './effective-config.ts';
import { nativeUsers } from './user-database.ts';
import { usageErrorText, usageExitCode } from './usage.ts';

export interface RunRequest {
  /** As given on the command line, or as found. */
  readonly configFile: string;
  readonly overrides: DaemonOverrides;
  /** The soft limit of open files as the launcher has told it; null: it has not. */
  readonly toldSoftNofile: number | null;
  /** Whether to write a CPU profile at the end. */
  readonly profiled: boolean;
  /** How this program was called, for messages and for starting it again. */
  readonly program: string;
  readonly args: readonly string[];
}

type Read =
  /** The warnings are lines for the activity log about what is accepted and ignored. */
  | ({ readonly ok: true; readonly warnings: readonly string[] } & Configuration)
  | { readonly ok: false; readonly problems: readonly [Problem, ...Problem[]] };

/** Resolves to the exit code once everything has been stopped; in the background, once the daemon is ready. */
export async function runDaemon(request: RunRequest): Promise<number> {
  const background = BackgroundLaunch.take(process.env);
  const machine = openMachine();
  machine.signals.keep();
  const current = machine.limits.get('NOFILE');
  const softNofile = background?.softNofile ?? startingSoftNofile(request.toldSoftNofile, current);
  // A relative path means the folder it was typed in, also after the daemon has gone elsewhere.
  const cwd = process.cwd();
  const users = nativeUsers(machine.binding);
  const world = nodeWorld(users, cwd);
  const first = readConfiguration(request, world);
  if (!first.ok) {
    machine.signals.ignoreAll();
    return refuse(describeProblems(first.problems, request.configFile), request);
  }
  if (background === null && !first.settings.daemon.nodaemon) {
    machine.signals.letGo().forEach((signal) => process.kill(process.pid, signal));
    return startInBackground(request.program, request.args, softNofile, machine.binding);
  }
  learnUsers(machine, first.settings);
  const readAgain = (): Promise<Read> =>
    readWithoutWaiting(
      nodeWorld(users, cwd, world.tmpdir),
      (assumed) => readConfiguration(request, assumed),
      (directories) => machine.directories.missingOf(directories),
    );
  const service = becomeDaemon(machine);
  try {
    return await runLives(request, { machine, service, softNofile, background, first, readAgain });
  } catch (error) {
    // Outside of everything that contains errors there is no daemon any more to go on.
    process.stderr.write(`supervisord: unexpected error: ${describeError(error)}\n`);
    return unexpectedErrorExitCode;
  } finally {
    service.close();
    machine.signals.ignoreAll();
    machine.pump.settle(settleMs);
  }
}

const unexpectedErrorExitCode = 1;
/** How long the end of the process waits for the last lines of logs, where something has kept them from being awaited. */
const settleMs = 500;

interface Lives {
  readonly machine: Machine;
  readonly service: ServiceManager;
  readonly softNofile: number;
  readonly background: BackgroundLaunch | null;
  readonly first: Extract<Read, { ok: true }>;
  /** Not on the event loop, as far as it could have to wait. */
  readonly readAgain: () => Promise<Read>;
}

async function runLives(request: RunRequest, lives: Lives): Promise<number> {
  const { machine, service, softNofile, background, first, readAgain } = lives;
  // After a restart this is what was read, and found good, when it was asked for: the file may have changed since.
  let latest = first;
  let working: typeof first | null = null;
  let failedRestart: string | null = null;
  for (let isFirst = true; ; isFirst = false) {
    const configuration = latest;
    const ending = await live(request, {
      configuration,
      overrides: request.overrides,
      warnings: configuration.warnings,
      failedRestart,
      machine,
      service,
      softNofile,
      assets: readAssets(fileURLToPath(new URL('web', import.meta.url))),
      isFirst,
      background: isFirst ? background : null,
      readSettings: async () => {
        const again = await readAgain();
        if (!again.ok) {
          return { ok: false, message: describeProblems(again.problems, request.configFile) };
        }
        learnUsers(machine, again.settings);
        latest = again;
        return again;
      },
    });
    if (ending === 'shutdown') {
      return 0;
    }
    if (ending === 'restart') {
      working = configuration;
      failedRestart = null;
    } else if (working === null || configuration === working) {
      return refuse(ending.failure, request);
    } else {
      failedRestart = `cannot start with the new configuration, so the one before is used again: ${ending.failure}`;
      latest = working;
    }
  }
}

/** What the process is from now on, whatever becomes of its first life. */
function becomeDaemon({ errors, binding, clock, streams }: Machine): ServiceManager {
  errors.containUncaught();
  streams.takeOver(process);
  // Process 1 is given them anyhow. Elsewhere a program whose parent has left would be out of sight.
  binding.setSubreaper(true);
  return ServiceManager.take(process.env, {
    clock,
    pid: process.pid,
    // Node takes it from the same clock.
    monotonicUsec: () => process.hrtime.bigint() / 1000n,
    send: (socketPath, message) => sendNotification(binding, socketPath, message),
  });
}

function live({ profiled }: RunRequest, instance: InstanceRequest): ReturnType<typeof runInstance> {
  return profiled
    ? withCpuProfile(
        instance.machine.paths,
        () => runInstance(instance),
        (file) => process.stdout.write(`CPU profile: ${file}\n`),
      )
    : runInstance(instance);
}

function readConfiguration({ configFile, overrides }: RunRequest, world: World): Read {
  const result = loadSettings({ configFile, overrides, world });
  if (!result.ok) {
    return { ok: false, problems: result.problems };
  }
  const warnings = result.problems.map((problem) => problemText(problem, configFile));
  const { settings, origins } = result;
  return { ok: true, settings, origins, warnings };
}

/** Whom the daemon and its programs are to become. */
function learnUsers({ system }: Machine, { daemon, groups }: Settings): void {
  const ownUid = system.ownUid();
  const named = [daemon.uid, ...groups.flatMap(({ processes }) => processes.map(({ uid }) => uid))];
  system.learnIdentities(new Set(named.flatMap((uid) => (uid === null || uid === ownUid ? [] : [uid]))));
}

function refuse(message: string, { program }: RunRequest): number {
  process.stderr.write(usageErrorText(message, program));
  return usageExitCode;
}
