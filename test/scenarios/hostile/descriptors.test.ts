/** Clients that want the daemon's descriptors: programs are started, and the socket file answers, all the same. */
import { expect } from 'vitest';

import { callRpc } from '../../helpers/xml-rpc.ts';
import { httpRequest } from '../../helpers/http.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { waitFor } from '../../helpers/wait.ts';
import { Crowd, startVictim } from './hostile.ts';

scenarioTest('1,300 half requests', async ({ sandbox }) => {
  const programs =
    '[program:crash]\ncommand=/bin/sh -c "exit 1"\nstartretries=1000\n\n' +
    '[program:later]\ncommand=/bin/cat\nautostart=false\nstartsecs=0\n';
  const { daemon, port, api } = await startVictim(sandbox, { programs, maxFiles: 300 });
  const crowd = new Crowd(port);
  await crowd.sendAll(1300, 'GET / HTTP/1.1\r\nX-Half: ');
  expect(await callRpc(api, 'supervisor.startProcess', ['later'])).toBe(true);
  const retries = /crash exited too quickly|spawned: 'crash'/g;
  const before = daemon.output.text.match(retries)?.length ?? 0;
  await waitFor('another start of the one that crashes', () =>
    Promise.resolve((daemon.output.text.match(retries)?.length ?? 0) > before),
  );
  // Who comes when the last descriptor is taken is told so, and another makes room for the next.
  await waitFor('an answer of the server that is attacked', async () => {
    const { status } = await httpRequest({ port }, '/ok.html');
    expect([200, 503]).toContain(status);
    return status === 200;
  });
  expect(daemon.output.text).toMatch(
    /WARN too many connections to \[inet_http_server\]: the descriptors that are left are for programs/,
  );
  expect(daemon.output.text).not.toMatch(/too many open files|EMFILE|FATAL/);
  crowd.leave();
});
