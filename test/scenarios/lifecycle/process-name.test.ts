/** What tools that look for processes by name find: scripts start, check and end the daemon with them. */
import { describe, expect } from 'vitest';

import { writeConfig } from '../../helpers/config.ts';
import { reasonToSkip } from '../../helpers/debian.ts';
import { flavours } from '../../helpers/flavours.ts';
import { runProgram } from '../../helpers/run-program.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';

const packages = ['psmisc', 'sysvinit-utils', 'monitoring-plugins-basic'] as const;
const isRoot = process.getuid?.() === 0;

/** In a process namespace of its own, so that nobody else's daemon is found, or ended. */
const script = `supervisord=$1; supervisorctl=$2; config=$3; pidfile=$4; logfile=$5
look() {
  echo "comm $(cat /proc/$(cat $pidfile)/comm)"
  pgrep supervisord >/dev/null && echo pgrep
  pgrep -f 'supervisord -c' >/dev/null && echo pgrep -f
  pidof -x supervisord >/dev/null && echo pidof
  ps -C supervisord -o pid= >/dev/null && echo ps
  /usr/lib/nagios/plugins/check_procs -C supervisord -c 1:1 >/dev/null && echo check_procs
  start-stop-daemon --status --name supervisord && echo start-stop-daemon
}
$supervisord -c $config
# The original returns before it has written it.
until [ -s $pidfile ]; do sleep 0.05; done
look
pgrep supervisord >/dev/null || $supervisord -c $config
pgrep -c supervisord
$supervisorctl -c $config reload
until [ "$(grep -c 'supervisord started with pid' $logfile)" = 2 ]; do sleep 0.05; done
look
killall supervisord
while pgrep supervisord >/dev/null; do sleep 0.05; done
echo gone
`;

const found = ['comm supervisord', 'pgrep', 'pgrep -f', 'pidof', 'ps', 'check_procs', 'start-stop-daemon'];

for (const flavour of flavours) {
  const reason = flavour.supervisordMissing ?? reasonToSkip(packages) ?? (isRoot ? null : 'needs root');
  const title = `tools that look for processes by name, ${flavour.name} supervisord`;
  describe.skipIf(reason !== null)(reason === null ? title : `${title} (${reason})`, () => {
    scenarioTest('find supervisord in the background and after a reload, and end it', async ({ sandbox }) => {
      const { configFile, pidfile, logfile } = writeConfig(sandbox, '');
      const file = sandbox.write('look.sh', script);
      const result = await runProgram(
        'unshare',
        [
          '--pid',
          '--fork',
          '--mount-proc',
          '--kill-child',
          '/bin/sh',
          file,
          flavour.supervisord,
          flavour.supervisorctl,
          configFile,
          pidfile,
          logfile,
        ],
        { env: { ...sandbox.env, PATH: `${sandbox.env['PATH']}:/usr/sbin:/sbin` }, cwd: sandbox.directory },
      );
      expect(result.stdout.split('\n')).toEqual([
        ...found,
        '1',
        'Restarted supervisord',
        ...found,
        'gone',
        '',
      ]);
      expect(result.code).toBe(0);
    });
  });
}
