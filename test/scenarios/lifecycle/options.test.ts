/** What the options of the command line do: each over another value in the file. */
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

import { expect } from 'vitest';

import { writeConfig } from '../../helpers/config.ts';
import { startDaemon, startDetachedDaemon } from '../../helpers/daemon.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { waitFor } from '../../helpers/wait.ts';
import { callRpc } from '../../helpers/xml-rpc.ts';
import { onEachDaemon } from './supervised.ts';

const program = `[program:talker]
command=/bin/sh -c 'printf "\\033[31mred\\033[0m\\n"; exec sleep 1000'
startsecs=0
`;

const inFile = `identifier=of-the-file
loglevel=critical
logfile_maxbytes=0
umask=077`;

onEachDaemon('options of the command line', (flavour) => {
  scenarioTest('B12.1: beat the file, in the background', async ({ sandbox }) => {
    const old = sandbox.write('auto/old-stdout---of-the-line-abcdefgh.log', '');
    const config = writeConfig(sandbox, program, inFile);
    const options = {
      '-l': sandbox.path('other.log'),
      '-y': '1KB',
      '-z': '2',
      '-e': 'debug',
      '-j': sandbox.path('other.pid'),
      '-i': 'of-the-line',
      '-q': sandbox.path('auto'),
      '-m': '027',
      '-d': sandbox.path('auto'),
      '-u': 'root',
      '-a': '1100',
      '--minprocs': '150',
    };
    const args = [...Object.entries(options).flat(), '-k', '-t'];
    const { pid } = await startDetachedDaemon(sandbox, flavour, {
      ...config,
      args,
      pidfile: sandbox.path('other.pid'),
    });
    expect(await callRpc(config.api, 'supervisor.getIdentification')).toBe('of-the-line');
    expect(readlinkSync(`/proc/${pid}/cwd`)).toBe(sandbox.path('auto'));
    expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^Umask:\s*0027$/m);
    expect(existsSync(config.pidfile)).toBe(false);
    expect(existsSync(config.logfile)).toBe(false);
    // -k keeps what an earlier run has left.
    expect(existsSync(old)).toBe(true);
    await waitFor('output without colours', () => {
      const [log] = readdirSync(sandbox.path('auto')).filter((name) =>
        name.startsWith('talker-stdout---of-the-line-'),
      );
      return log !== undefined && sandbox.read(`auto/${log}`) === 'red\n';
    });
    // Where the file says neither to rotate nor to log anything of this.
    await waitFor('a rotated log', async () => {
      await callRpc(config.api, 'supervisor.stopProcess', ['talker']);
      await callRpc(config.api, 'supervisor.startProcess', ['talker']);
      return existsSync(sandbox.path('other.log.2'));
    });
    expect(sandbox.read('other.log.2') + sandbox.read('other.log.1')).toMatch(/ DEBG /);
  });

  scenarioTest('B12.1: -n beats the file, in the foreground', async ({ sandbox }) => {
    const config = writeConfig(sandbox, program, 'nodaemon=false');
    const daemon = await startDaemon(sandbox, flavour, { ...config, args: ['-e', 'info', '-i', 'given'] });
    await daemon.output.match(/success: talker/);
    expect(await callRpc(config.api, 'supervisor.getIdentification')).toBe('given');
  });
});
