/** Listeners in Node, with the package's own helper: the example with a webhook, and a pool of which one fails. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

import { describe, expect } from 'vitest';

import { ours, projectRoot } from '../../helpers/flavours.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { waitFor } from '../../helpers/wait.ts';
import { onEachDaemon, Supervised } from '../lifecycle/supervised.ts';
import { received, receivedEvents, shellListener } from './listeners.ts';

interface Webhook {
  readonly url: string;
  readonly posted: readonly { readonly text: string; readonly serial: number }[];
  close(): void;
}

/** Takes every post but the first, which it answers with status 503. */
async function openWebhook(): Promise<Webhook> {
  const posted: Webhook['posted'][number][] = [];
  const server: Server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      posted.push(JSON.parse(body) as Webhook['posted'][number]);
      response.writeHead(posted.length === 1 ? 503 : 204).end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    posted,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

onEachDaemon('listeners in Node', (flavour) => {
  scenarioTest('B20.12: the webhook is told of crashes, again if need be', async ({ sandbox }) => {
    const webhook = await openWebhook();
    try {
      const supervised = await Supervised.start(
        sandbox,
        flavour,
        `[eventlistener:webhook]
command=${process.execPath} ${path.join(projectRoot, 'examples/webhook/listener.mjs')} ${webhook.url}
events=PROCESS_STATE_EXITED,PROCESS_STATE_FATAL
stderr_logfile=%(here)s/webhook.log
[program:well]
command=/bin/true
startsecs=0
autostart=false
autorestart=false
[program:crash]
command=/bin/sh -c "read line; exit 3"
startsecs=0
autostart=false
autorestart=false
`,
        'loglevel=debug',
      );
      await supervised.logged(/webhook: ACKNOWLEDGED -> READY/);
      await supervised.rpc('startProcess', 'well', false);
      await supervised.rpc('startProcess', 'crash');
      // Not at once: then the original may answer the start with a fault.
      await supervised.rpc('sendProcessStdin', 'crash', '\n');
      await waitFor('two posts', () => webhook.posted.length >= 2);
      const text = 'crash:crash is EXITED (was RUNNING)';
      const [first, second] = webhook.posted;
      expect(first).toMatchObject({ text });
      expect(second).toEqual(first);
      await supervised.logged(/webhook: event was rejected[^]*webhook: event was processed/);
      expect(sandbox.read('webhook.log')).toContain(
        `(PROCESS_STATE_EXITED) failed: Error: ${webhook.url} answered 503`,
      );
    } finally {
      webhook.close();
    }
  });

  scenarioTest(
    'B20.12, B20.14: another listener of the pool gets what one has died of',
    async ({ sandbox }) => {
      const start = sandbox.write(
        'start.sh',
        `case $SUPERVISOR_PROCESS_NAME in
  *_0) exec ${shellListener(sandbox, 'dies.txt', 'die')} ;;
  *) exec ${shellListener(sandbox, 'lives.txt', 'ok')} ;;
esac
`,
      );
      const supervised = await Supervised.start(
        sandbox,
        flavour,
        `[eventlistener:pool]
command=/bin/sh ${start}
process_name=ear_%(process_num)d
numprocs=2
events=REMOTE_COMMUNICATION
autorestart=false
`,
        'loglevel=debug',
      );
      await supervised.logged(/ear_0: ACKNOWLEDGED -> READY/);
      await supervised.logged(/ear_1: ACKNOWLEDGED -> READY/);
      await supervised.running('ear_0', 'ear_1');
      await supervised.rpc('sendRemoteCommEvent', 't', 'one');
      await received(sandbox, 'lives.txt', 'one');
      expect(receivedEvents(sandbox, 'lives.txt')).toEqual(receivedEvents(sandbox, 'dies.txt'));
    },
  );
});

describe('a pool that counts bytes', () => {
  scenarioTest('tells listeners in shell how much to read', async ({ sandbox }) => {
    const supervised = await Supervised.start(
      sandbox,
      ours,
      `[eventlistener:ear]
command=${shellListener(sandbox, 'ear.txt', 'ok')}
events=REMOTE_COMMUNICATION
length_in_bytes=true
`,
    );
    await supervised.running('ear');
    await supervised.rpc('sendRemoteCommEvent', 't', 'häß 😀');
    await supervised.rpc('sendRemoteCommEvent', 't', 'after');
    await received(sandbox, 'ear.txt', 'after');
    expect(receivedEvents(sandbox, 'ear.txt').map(({ payload }) => payload)).toEqual([
      'type:t\nhäß 😀',
      'type:t\nafter',
    ]);
  });
});
