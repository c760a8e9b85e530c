/** A syslog daemon of our own behind /dev/log, which only the supervisor under test sees. */
import { existsSync } from 'node:fs';

import { describe, expect } from 'vitest';

import { writeConfig } from '../../helpers/config.ts';
import { ours } from '../../helpers/flavours.ts';
import { reasonAgainstMounting } from '../../helpers/private-mounts.ts';
import { startProgram } from '../../helpers/run-program.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { deadlineMs, waitFor } from '../../helpers/wait.ts';
import { callRpc } from '../../helpers/xml-rpc.ts';

/** Binds the socket, takes nothing until it gets SIGUSR1, then writes a line for each message to a file. */
const receiver = `import signal, socket, sys
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
log.bind(sys.argv[1])
print('bound', flush=True)
signal.sigwait([signal.SIGUSR1])
with open(sys.argv[2], 'wb', buffering=0) as messages:
    while True:
        messages.write(log.recv(65536) + b'\\n')
`;

/** Runs a command with a /dev of its own, where /dev/log leads to the socket that is named. */
const withPrivateDevices = `mkdir dev && mount -t tmpfs dev dev
for name in null zero full urandom; do touch dev/$name; mount --bind /dev/$name dev/$name; done
ln -s /proc/self/fd dev/fd
ln -s "$1" dev/log
mount --move dev /dev
shift
exec "$@"
`;

/** More than is read and fits into the pipe. */
const lines = 15_000;

const skipped =
  ours.supervisordMissing ??
  (existsSync('/usr/bin/python3') ? null : 'not installed: python3') ??
  reasonAgainstMounting();

describe.skipIf(skipped !== null)(`syslog${skipped === null ? '' : ` (${skipped})`}`, () => {
  scenarioTest(
    'B16.8: beside a file and instead of one; who does not read holds back only them',
    async ({ sandbox }) => {
      const config = writeConfig(
        sandbox,
        `[program:both]
command=/usr/bin/seq -f "line %%.0f" ${lines}
autorestart=false
startsecs=0
stdout_logfile=%(here)s/both.log
stdout_syslog=true

[program:only]
command=/bin/echo only this
autorestart=false
startsecs=0
stdout_logfile=syslog

[program:bystander]
command=/bin/cat
startsecs=0
stdout_logfile=%(here)s/bystander.log
`,
      );
      const options = { env: sandbox.env, cwd: sandbox.directory };
      const socket = sandbox.path('syslog');
      const syslog = startProgram(
        '/usr/bin/python3',
        ['-c', receiver, socket, sandbox.path('messages')],
        options,
      );
      sandbox.adopt(syslog.pid);
      await syslog.stdout.match(/bound\n/);
      const command = [ours.supervisord, '-n', '-c', config.configFile];
      const daemon = startProgram(
        '/usr/bin/unshare',
        ['--mount', '/bin/sh', '-c', withPrivateDevices, 'sh', socket, ...command],
        options,
      );
      sandbox.adopt(daemon.pid);
      await daemon.stdout.match(/success: bystander entered RUNNING/);
      await callRpc(config.api, 'supervisor.sendProcessStdin', ['bystander', 'hello\n']);
      await waitFor('the bystander', () => sandbox.read('bystander.log') === 'hello\n');
      expect(await callRpc(config.api, 'supervisor.getProcessInfo', ['both'])).toMatchObject({
        statename: 'RUNNING',
      });
      syslog.kill('SIGUSR1');

      await waitFor(
        'the last message',
        () => sandbox.read('messages').includes(`: both line ${lines}\n`),
        3 * deadlineMs,
      );
      expect(sandbox.read('messages')).toContain(' supervisord: only only this\n');
      const received = sandbox
        .read('messages')
        .split('\n')
        .filter((line) => line.includes(': both '));
      expect(received).toHaveLength(lines);
      expect(
        received.every((line, index) => /^<\d+>/.test(line) && line.endsWith(`: both line ${index + 1}`)),
      ).toBe(true);
      expect(sandbox.read('both.log').split('\n')).toHaveLength(lines + 1);
    },
  );
});
