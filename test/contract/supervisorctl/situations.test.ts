/** Every command where the daemon cannot do as it is told, through every pair. */
import { writeFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';

import { waitFor } from '../../helpers/wait.ts';
import { RpcFaultAnswer } from '../../helpers/xml-rpc.ts';
import type { Bench } from './bench.ts';
import { everyCommand } from './commands.ts';
import { expectAgreement, reasonAgainstPairs } from './pairs.ts';

/** Holds up the end of the daemon: it ignores the signal that is to stop it. */
const stubborn = `
[program:x]
command=/bin/sh -c 'trap "" TERM; echo ready; exec sleep 1000'
startsecs=0
stopwaitsecs=3600
`;

async function isReady(bench: Bench): Promise<void> {
  await bench.writes('x', 'ready');
}

/** Until every method is refused. */
async function isGoingDown(bench: Bench): Promise<void> {
  await waitFor('the daemon to be going down', async () => {
    try {
      await bench.call('getState');
      return false;
    } catch (error) {
      return error instanceof RpcFaultAnswer && error.faultString === 'SHUTDOWN_STATE';
    }
  });
}

function killAll(bench: Bench): void {
  bench.sandbox.killSurvivors();
}

/** `tail -f` asks no method: the log can be followed to the end, and only ^C ends it. */
const endingCommands = everyCommand.filter((command) => command !== 'tail -f x');

/** A loaded machine takes its time over hundreds of runs. */
vi.setConfig({ testTimeout: 180_000 });

const title = 'supervisorctl where nothing can be done, through every pair';

describe.skipIf(reasonAgainstPairs !== null)(
  reasonAgainstPairs === null ? title : `${title} (${reasonAgainstPairs})`,
  () => {
    it('B18.5: while the daemon shuts down', async () => {
      const said = await expectAgreement({
        programs: stubborn,
        steps: [isReady, 'shutdown', isGoingDown, ...endingCommands, 'nosuch', 'tail -f nosuch', killAll],
      });
      expect(said.get('start x')?.stdout).toContain("<Fault 6: 'SHUTDOWN_STATE'>");
    });

    it('B18.5: while the daemon restarts', async () => {
      const said = await expectAgreement({
        programs: stubborn,
        steps: [isReady, 'reload', isGoingDown, 'status', 'stop x', 'version', killAll],
      });
      expect(said.get('status')?.code).not.toBe(0);
    });

    it('B17.2: with a wrong password', async () => {
      const said = await expectAgreement({
        // More of a section that is there already.
        programs: `${stubborn}\n[unix_http_server]\nusername=user\npassword=right\n`,
        options: ['-u', 'user', '-p', 'wrong'],
        steps: [...everyCommand, 'nosuch', killAll],
      });
      expect(said.get('start x')).toMatchObject({ code: 1, stderr: '' });
    });

    it('B17.14: with a configuration that was broken meanwhile', async () => {
      await expectAgreement({
        programs: stubborn,
        steps: [
          isReady,
          (bench) => {
            const { configFile } = bench.config;
            writeFileSync(configFile, `${bench.sandbox.read('supervisord.conf')}\n[program:y]\nnumprocs=x\n`);
          },
          'status',
          'start x',
          'pid x',
          'avail',
          'reread',
          'update',
          'update x',
          'update y',
          'add y',
          'remove x',
          killAll,
        ],
      });
    });
  },
);
