/**
 * What the launcher `bin/supervisord` tells, which is a shell script to begin with: the first line is the soft limit of
 * open files, the others are variables that shells set by themselves, as they were before.
 */

const variable = 'SUPERVISORD_STARTED';

/** How many arenas the C library has for threads; it looks at its start. Each keeps free memory of its own. */
export const arenasVariable = 'MALLOC_ARENA_MAX';
/** For a daemon, whose threads allocate little. The launcher says the same. */
export const arenas = '1';

/**
 * POSIX shells export these on their own account, the launcher the last. The original's programs, which no shell starts, do not
 * see them.
 */
const shellVariables = ['PWD', 'OLDPWD', 'SHLVL', '_', arenasVariable] as const;

/**
 * Makes the environment what it was before the launcher. The soft limit of open files, `Infinity` for none; null when no
 * launcher has told it.
 */
export function takeLauncherFacts(env: NodeJS.ProcessEnv): number | null {
  const told = env[variable];
  delete env[variable];
  const [limit = '', ...entries] = told?.split('\n') ?? [];
  if (!/^(\d+|unlimited)$/.test(limit)) {
    return null;
  }
  for (const name of shellVariables) {
    const before = entries.find((entry) => entry.startsWith(`${name}=`));
    if (before === undefined) {
      delete env[name];
    } else {
      env[name] = before.slice(name.length + 1);
    }
  }
  return limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit);
}
