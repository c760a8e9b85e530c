import path from 'node:path';

import { describe, expect } from 'vitest';

import { ours } from '../../helpers/flavours.ts';
import { reasonAgainstMounting } from '../../helpers/private-mounts.ts';
import { runProgram } from '../../helpers/run-program.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';

const nobody = 'setpriv --reuid=65534 --regid=65534 --clear-groups';

/**
 * With folders of its own where the sample puts things; what runs ends with the script. The programs are reached by another name,
 * since they may lie below one of these folders.
 */
const script = (become: string): string => `
mount --bind ${path.dirname(path.dirname(ours.supervisord))} /mnt
mount -t tmpfs -o mode=755 run /run
mount -t tmpfs -o mode=755 log /var/log
mount -t tmpfs -o mode=1777 tmp /tmp
cd /tmp
${become} /mnt/bin/echo_supervisord_conf > sample.conf
${become} /mnt/bin/supervisord -c sample.conf
${become} /mnt/bin/supervisorctl -c sample.conf version
ls -d /run/super* /tmp/super* /var/log/super* 2>/dev/null || true
${become} /mnt/bin/supervisorctl -c sample.conf shutdown`;

describe.skipIf(ours.supervisordMissing !== null || reasonAgainstMounting() !== null)(
  'the sample configuration, used as it is',
  () => {
    scenarioTest.for([
      ['root', '', ['/run/supervisor.sock', '/run/supervisord.pid', '/var/log/supervisord.log']],
      ['another user', nobody, ['/tmp/supervisor.sock', '/tmp/supervisord.log', '/tmp/supervisord.pid']],
    ] as const)('starts the daemon of %s, and finds it again', async ([, become, made], { sandbox }) => {
      const namespaces = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
      const run = await runProgram('/usr/bin/unshare', [...namespaces, 'sh', '-ec', script(become)], {
        env: { ...sandbox.env, TMPDIR: '/tmp' },
        cwd: sandbox.directory,
      });
      expect(run).toMatchObject({ stderr: '', code: 0 });
      const [version, ...rest] = run.stdout.trimEnd().split('\n');
      expect(version).toMatch(/^\d/);
      expect(rest).toEqual([...made, 'Shut down']);
    });
  },
);
