/** Clients that want the daemon's memory; its heap is small, so that it ends when they get it. */
import { writeFileSync } from 'node:fs';

import { expect } from 'vitest';

import { callRpc } from '../../helpers/xml-rpc.ts';
import { httpRequest } from '../../helpers/http.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { Crowd, residentMegabytes, startVictim, unfinishedPost } from './hostile.ts';

const mebibyte = 1024 * 1024;
/** Megabytes; what is collected late, and what the heap keeps, is in it. */
const mostGrowth = 96;
const password = 'username=ann\npassword=p\n';

scenarioTest('bodies of those who have no password are not kept', async ({ sandbox }) => {
  const { daemon, port, api } = await startVictim(sandbox, { inet: password });
  const before = residentMegabytes(daemon.pid);
  const crowd = new Crowd(port);
  await crowd.sendAll(120, unfinishedPost('/api/v1/session', 4 * mebibyte));
  await crowd.sendAll(300, unfinishedPost('/RPC2', mebibyte));
  expect(await callRpc(api, 'supervisor.getState')).toMatchObject({ statename: 'RUNNING' });
  expect(residentMegabytes(daemon.pid) - before).toBeLessThan(mostGrowth);
  crowd.leave();
});

scenarioTest('bodies that never end take up no more than there is for bodies', async ({ sandbox }) => {
  const { daemon, port, api } = await startVictim(sandbox);
  const before = residentMegabytes(daemon.pid);
  const crowd = new Crowd(port);
  await crowd.sendAll(500, unfinishedPost('/RPC2', mebibyte));
  expect(await callRpc(api, 'supervisor.getState')).toMatchObject({ statename: 'RUNNING' });
  // Small ones are answered all the while, on the same server.
  expect(await callRpc({ port }, 'supervisor.getState')).toMatchObject({ statename: 'RUNNING' });
  expect(residentMegabytes(daemon.pid) - before).toBeLessThan(mostGrowth);
  crowd.leave();
});

scenarioTest('a multicall of many large logs gets faults for what is too much', async ({ sandbox }) => {
  const { daemon, port } = await startVictim(sandbox, {
    programs: '[program:big]\ncommand=/bin/cat\nautostart=false\nstdout_logfile=%(here)s/big.log\n',
  });
  writeFileSync(sandbox.path('big.log'), `${'x'.repeat(1023)}\n`.repeat(10 * 1024));
  const call = { methodName: 'supervisor.readProcessStdoutLog', params: ['big', 0, 0] };
  const results = await callRpc({ port }, 'system.multicall', [Array.from({ length: 120 }, () => call)]);
  const texts = (results as readonly unknown[]).filter((result) => typeof result === 'string');
  expect(texts.map((text) => text.length)).toEqual([10 * mebibyte]);
  expect((results as readonly unknown[])[1]).toMatchObject({
    faultCode: 30,
    faultString: 'FAILED: the answers that are under way would become too large together',
  });
  // A single one is read whole, as ever.
  const whole = await callRpc({ port }, 'supervisor.readProcessStdoutLog', ['big', 0, 0]);
  expect(whole).toHaveLength(10 * mebibyte);
  expect(daemon.output.text).not.toContain('heap');
});

scenarioTest(
  'names of megabytes are refused, and remembered nowhere',
  { timeout: 240_000 },
  async ({ sandbox }) => {
    const { port, api } = await startVictim(sandbox);
    const name = 'n'.repeat(15 * mebibyte);
    for (let turn = 0; turn < 30; turn += 1) {
      const fault: unknown = await callRpc({ port }, 'supervisor.startProcess', [name]).catch(
        (error: unknown) => error,
      );
      expect(fault).toMatchObject({ faultCode: 10 });
      expect((fault as { readonly faultString: string }).faultString.length).toBeLessThan(1100);
    }
    expect(await callRpc(api, 'supervisor.getState')).toMatchObject({ statename: 'RUNNING' });
  },
);

scenarioTest('thousands of requests at once on a connection end it', async ({ sandbox }) => {
  const { daemon, port, api } = await startVictim(sandbox);
  const before = residentMegabytes(daemon.pid);
  const crowd = new Crowd(port);
  const socket = await crowd.send(
    'GET /api/v1/processes HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(124_000),
  );
  await new Promise<void>((resolve) => {
    if (socket.destroyed) {
      resolve();
    }
    socket.once('close', () => resolve());
  });
  expect(await callRpc(api, 'supervisor.getState')).toMatchObject({ statename: 'RUNNING' });
  expect(residentMegabytes(daemon.pid) - before).toBeLessThan(mostGrowth);
});

scenarioTest('clients that do not take their answers', async ({ sandbox }) => {
  const programs = '[program:big]\ncommand=/bin/cat\nautostart=false\nstdout_logfile=%(here)s/big.log\n';
  const { daemon, port, api } = await startVictim(sandbox, { programs });
  writeFileSync(sandbox.path('big.log'), `${'x'.repeat(1023)}\n`.repeat(8 * 1024));
  const before = residentMegabytes(daemon.pid);
  const crowd = new Crowd(port);
  const body =
    '<methodCall><methodName>supervisor.readProcessStdoutLog</methodName><params><param><value>big</value></param>' +
    '<param><value><int>0</int></value></param><param><value><int>0</int></value></param></params></methodCall>';
  const requests = [
    `POST /RPC2 HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'GET /logtail/big HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'GET /api/v1/events?logs=big:stdout HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'GET /api/v1/processes/big/logs/stdout/download HTTP/1.1\r\nHost: localhost\r\n\r\n',
  ];
  for (const request of requests) {
    await crowd.sendAll(40, request, { read: false });
  }
  expect(await callRpc(api, 'supervisor.getState')).toMatchObject({ statename: 'RUNNING' });
  expect(await httpRequest({ port }, '/ok.html')).toMatchObject({ status: 200 });
  expect(residentMegabytes(daemon.pid) - before).toBeLessThan(64);
  crowd.leave();
});
