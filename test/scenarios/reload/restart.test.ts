/** B21.4: what a restart takes up, and what it forgets. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';

import { expect } from 'vitest';

import { callRpc } from '../../helpers/xml-rpc.ts';
import { readPidfile } from '../../helpers/daemon.ts';
import { environmentOf } from '../../helpers/process-table.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { onEachDaemon, Supervised } from '../lifecycle/supervised.ts';

const sleeper = (name: string, options = ''): string =>
  `[program:${name}]\ncommand=/bin/sleep 1000\nstartsecs=0\n${options}\n`;

onEachDaemon('a restart', (flavour) => {
  scenarioTest('B21.3, B21.4: takes up servers, environment and programs', async ({ sandbox }) => {
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[unix_http_server:old]\nfile=%(here)s/old.sock\n${sleeper('kept')}${sleeper('stopped')}`,
    );
    await supervised.running('kept', 'stopped');
    await supervised.rpc('stopProcess', 'stopped');
    const logs = (): readonly string[] =>
      readdirSync(sandbox.directory).filter((name) => name.includes('---'));
    const before = logs();
    const text = sandbox
      .read('supervisord.conf')
      .replace(
        '[unix_http_server:old]\nfile=%(here)s/old.sock',
        '[unix_http_server:new]\nfile=%(here)s/new.sock',
      )
      .replace('[supervisord]', '[supervisord]\nenvironment=FROM_DAEMON="1"')
      .replace('[program:kept]', '[program:kept]\nenvironment=OWN="2"');
    writeFileSync(supervised.config.configFile, text);
    const mark = supervised.mark();
    expect(await supervised.rpc('restart')).toBe(true);
    await supervised.logged(/success: stopped entered RUNNING/, mark);
    await supervised.logged(/success: kept entered RUNNING/, mark);
    const { pid } = await supervised.info('kept');
    const environment = environmentOf(pid);
    expect(environment.filter((entry) => /^(FROM_DAEMON|OWN)=/.test(entry)).toSorted()).toEqual([
      'FROM_DAEMON=1',
      'OWN=2',
    ]);
    expect(existsSync(sandbox.path('old.sock'))).toBe(false);
    const target = { socketPath: sandbox.path('new.sock') };
    expect(await callRpc(target, 'supervisor.getPID')).toBe(supervised.daemon.pid);
    expect(readPidfile(supervised.config.pidfile)).toBe(supervised.daemon.pid);
    expect(logs()).toHaveLength(before.length);
    expect(logs().filter((name) => before.includes(name))).toEqual([]);
  });
});
