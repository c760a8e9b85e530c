/**
 * Going to the background.
 *
 * Node cannot fork itself, so the command that was typed starts the daemon as a second process in a session of its
 * own, and stays until that one is ready: errors reach the terminal, and the exit code is the daemon's. Being ready
 * is one byte on a pipe. What the daemon has to know of the command that was typed is in a variable that its children
 * never see.
 *
 * Source: B12.4: one fork, setsid, errors before the fork reach the terminal.
 */
import { spawn } from 'node:child_process';
import { closeSync, readdirSync, writeSync } from 'node:fs';
import { repr } from '../config/python/repr.ts';
import type { DaemonSettings, LogLevel } from '../config/settings.ts';
import type { Binding } from '../native/binding.ts';
import { Descriptor } from '../system/descriptor.ts';
import { arenas, arenasVariable } from './launcher.ts';

const launchVariable = 'SUPERVISORD_LAUNCH';
const readyFd = 3;
/** The first descriptor that no program is given on purpose. */
const firstOtherFd = 3;

/**
 * Starts this program again in the background. Resolves to the exit code once it is ready or has failed. `softNofile`
 * is the limit of open files that the command was given, which the daemon could not find out any more.
 */
export function startInBackground(
  script: string,
  args: readonly string[],
  softNofile: number,
  binding: Pick<Binding, 'setCloseOnExec'>,
): Promise<number> {
  keepOtherDescriptors(binding);
  const ownArenas = process.env[arenasVariable] ?? '';
  const daemon = spawn(process.execPath, [...process.execArgv, script, ...args], {
    detached: true,
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: {
      ...process.env,
      [arenasVariable]: ownArenas === '' ? arenas : ownArenas,
      [launchVariable]: `${readyFd} ${softNofile} ${ownArenas}`,
    },
  });
  return new Promise((resolve, reject) => {
    daemon.once('error', reject);
    daemon.once('exit', (code) => resolve(code ?? 1));
    daemon.stdio[readyFd]?.once('data', () => resolve(0));
  });
}

/**
 * What the caller had open besides the terminal, such as the lock of a script or the read end of its pipe, is not for a
 * daemon to hold as long as it runs.
 */
function keepOtherDescriptors(binding: Pick<Binding, 'setCloseOnExec'>): void {
  for (const fd of openDescriptors()) {
    if (fd >= firstOtherFd) {
      // The one of the listing itself is closed again by now, which does no harm.
      binding.setCloseOnExec(fd, true);
    }
  }
}

/** Without /proc nobody can tell, and what the caller had open stays so. */
function openDescriptors(): readonly number[] {
  try {
    return readdirSync('/proc/self/fd').map(Number);
  } catch {
    return [];
  }
}

/** The waiting command's end of the bargain, as the daemon in the background sees it. */
export class BackgroundLaunch {
  /** Soft limit of open files of the command that was typed. */
  readonly softNofile: number;
  readonly #fd: Descriptor;

  private constructor(fd: Descriptor, softNofile: number) {
    this.#fd = fd;
    this.softNofile = softNofile;
  }

  /** Null unless this process was started by {@link startInBackground}; forgets it, so that no child is told. */
  static take(env: NodeJS.ProcessEnv): BackgroundLaunch | null {
    const value = env[launchVariable];
    delete env[launchVariable];
    const [fd, softNofile, ownArenas = ''] = value?.split(' ') ?? [];
    if (fd === undefined || softNofile === undefined) {
      return null;
    }
    if (ownArenas === '') {
      delete env[arenasVariable];
    }
    return new BackgroundLaunch(new Descriptor(Number(fd)), Number(softNofile));
  }

  /**
   * What a daemon does once nothing can go wrong any more that the terminal should see: directory, umask, and
   * descriptors 0 to 2 to /dev/null.
   */
  leaveTerminal(
    { directory, umask }: DaemonSettings,
    binding: Binding,
    log: (level: LogLevel, message: string) => void,
  ): void {
    log('info', 'daemonizing the supervisord process');
    if (directory !== null) {
      enterDirectory(directory, log);
    }
    process.umask(umask);
    binding.openNullOnto([0, 1, 2]);
  }

  /** Lets the waiting command return. Somebody may have killed it meanwhile, which is no reason not to run. */
  ready(): void {
    try {
      writeSync(this.#fd.number, '.');
    } catch {
      // Nobody waits.
    }
    const number = this.#fd.release();
    if (number !== null) {
      closeSync(number);
    }
  }
}

function enterDirectory(directory: string, log: (level: LogLevel, message: string) => void): void {
  try {
    process.chdir(directory);
    log('info', `set current directory: ${repr(directory)}`);
  } catch (error) {
    log(
      'critical',
      `can't chdir into ${repr(directory)}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
