/** Calls that wait for processes: nobody else waits with them, and nothing is left of them. */
import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';

import { describe, expect } from 'vitest';

import { writeConfig } from '../../helpers/config.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { flavours, ours } from '../../helpers/flavours.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { waitFor } from '../../helpers/wait.ts';
import { callRpc, type RpcStruct } from '../../helpers/xml-rpc.ts';

/** Is STARTING for an hour once it is started, and ignores what is to stop it. */
const slow = `
[program:slow]
command=/bin/sh -c 'trap "" TERM; echo ready; exec sleep 1000'
autostart=false
startsecs=3600
stopwaitsecs=3600
`;

async function stateOf(api: Parameters<typeof callRpc>[0], name: string): Promise<unknown> {
  return ((await callRpc(api, 'supervisor.getProcessInfo', [name])) as RpcStruct)['statename'];
}

describe('calls that wait', () => {
  for (const flavour of flavours) {
    const reason = flavour.supervisordMissing;
    scenarioTest.skipIf(reason !== null)(
      `B18.11: a start that waits keeps nobody waiting, and learns of the stop, on ${flavour.name}${reason === null ? '' : ` (skipped: ${reason})`}`,
      async ({ sandbox }) => {
        const config = writeConfig(sandbox, slow);
        await startDaemon(sandbox, flavour, config);
        const { api } = config;
        const started = callRpc(api, 'supervisor.startProcess', ['slow']).catch(String);
        await waitFor('the start', async () => (await stateOf(api, 'slow')) === 'STARTING');
        await waitFor('its output', async () => {
          return (await callRpc(api, 'supervisor.readProcessStdoutLog', ['slow', 0, 0])) !== '';
        });
        const stopped = callRpc(api, 'supervisor.stopProcess', ['slow']);
        expect(await started).toContain('fault 40: ABNORMAL_TERMINATION: slow');
        expect(await stateOf(api, 'slow')).toBe('STOPPING');
        await callRpc(api, 'supervisor.signalProcess', ['slow', 'KILL']);
        expect(await stopped).toBe(true);
      },
    );
  }

  const missing = ours.supervisordMissing;
  const skipped = missing === null ? '' : ` (skipped: ${missing})`;

  // The original hangs up on it.
  scenarioTest.skipIf(missing !== null)(
    `B18.8: a shutdown is answered, and what waits learns of it${skipped}`,
    async ({ sandbox }) => {
      const config = writeConfig(
        sandbox,
        '[program:slow]\ncommand=/bin/sleep 1000\nautostart=false\nstartsecs=3600\n',
      );
      const daemon = await startDaemon(sandbox, ours, config);
      const { api } = config;
      const started = callRpc(api, 'supervisor.startProcess', ['slow']).catch(String);
      await waitFor('the start', async () => (await stateOf(api, 'slow')) === 'STARTING');
      expect(await callRpc(api, 'supervisor.shutdown')).toBe(true);
      expect(await started).toContain('fault 40: ABNORMAL_TERMINATION: slow');
      expect(await daemon.ended).toEqual({ code: 0, signal: null });
    },
  );

  scenarioTest.skipIf(missing !== null)(
    `leave nothing behind when their clients go away${skipped}`,
    async ({ sandbox }) => {
      const count = 50;
      const config = writeConfig(
        sandbox,
        `[program:slow]\ncommand=/bin/sleep 1000\nprocess_name=%(process_num)d\nnumprocs=${count}\nautostart=false\nstartsecs=3600\n`,
      );
      const daemon = await startDaemon(sandbox, ours, config);
      const { api } = config;
      const descriptors = (): number => readdirSync(`/proc/${daemon.pid}/fd`).length;
      const clients = Array.from({ length: count }, (_, index) =>
        startWaiting(api.socketPath, `slow:${index}`),
      );
      await waitFor('all to be started', async () => {
        const infos = (await callRpc(api, 'supervisor.getAllProcessInfo')) as readonly RpcStruct[];
        return infos.every((info) => info['statename'] === 'STARTING');
      });
      const connected = descriptors();
      for (const client of clients) {
        client.destroy();
      }
      await waitFor('their connections to be gone', () => descriptors() <= connected - count);
      // What had been left of them would act on this, and fail.
      const outcomes = (await callRpc(api, 'supervisor.stopAllProcesses')) as readonly RpcStruct[];
      expect(outcomes.map((outcome) => outcome['description'])).toEqual(outcomes.map(() => 'OK'));
      expect(outcomes).toHaveLength(count);
      expect(daemon.output.text).not.toMatch(/ERRO|CRIT Handling/);
    },
  );
});

/** A client that starts a process and waits for it to be RUNNING. */
function startWaiting(socketPath: string, name: string): Socket {
  const body =
    '<?xml version="1.0"?><methodCall><methodName>supervisor.startProcess</methodName>' +
    `<params><param><value>${name}</value></param></params></methodCall>`;
  const socket = connect(socketPath);
  socket.on('error', () => undefined);
  socket.write(`POST /RPC2 HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  return socket;
}
