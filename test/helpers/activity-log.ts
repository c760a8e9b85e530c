/** Activity logs made comparable: what differs from run to run is taken out. */

const linePattern = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (CRIT|ERRO|WARN|INFO|DEBG|TRAC|BLAT) (.*)$/;

/** Lines of the daemon's own start, before any program is touched. */
const startedPattern = /^INFO supervisord started with pid/;

/**
 * The lines of an activity log as `LEVL message`, with process ids as `N` and `directory` as `DIR`.
 *
 * @throws when a line does not have the form of Supervisor's log (B16.1).
 */
export function normalizeLog(log: string, directory: string): readonly string[] {
  return log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const parts = linePattern.exec(line);
      if (parts === null) {
        throw new Error(`cannot read the log line ${JSON.stringify(line)}`);
      }
      return `${parts[1]} ${parts[2]}`
        .replaceAll(directory, 'DIR')
        .replaceAll(/\bpid \d+/g, 'pid N')
        .replaceAll(/^(WARN killing '[^']*') \(\d+\)/g, '$1 (N)');
    });
}

/** As {@link normalizeLog}, from the line after "supervisord started" on: what the programs did. */
export function programLines(log: string, directory: string): readonly string[] {
  const lines = normalizeLog(log, directory);
  return lines.slice(lines.findIndex((line) => startedPattern.test(line)) + 1);
}
