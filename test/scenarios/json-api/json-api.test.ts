/** The JSON API of a daemon that runs real programs. */
import { request } from 'node:http';

import { expect } from 'vitest';

import { writeConfig } from '../../helpers/config.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { ours } from '../../helpers/flavours.ts';
import { httpGet, httpRequest } from '../../helpers/http.ts';
import type { HttpTarget } from '../../helpers/http.ts';
import type { Sandbox } from '../../helpers/sandbox.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { waitFor } from '../../helpers/wait.ts';

interface ProcessView {
  readonly state: string;
  readonly restarts: number;
  readonly exit: unknown;
  readonly cpuPercent: number | null;
  readonly memoryBytes: number | null;
}

interface TimelineEntry {
  readonly text: string;
  readonly interface: string | null;
}

class Api {
  readonly #target: HttpTarget;

  constructor(target: HttpTarget) {
    this.#target = target;
  }

  async get<Answer>(path: string): Promise<Answer> {
    return JSON.parse((await httpGet(this.#target, `/api/v1${path}`)).body) as Answer;
  }

  async post<Answer>(path: string, body: unknown = {}): Promise<Answer> {
    const { token } = await this.get<{ readonly token: string }>('/session');
    const answer = await httpRequest(this.#target, `/api/v1${path}`, {
      method: 'POST',
      headers: { 'X-Supervisor-Token': token },
      body: JSON.stringify(body),
    });
    return JSON.parse(answer.body) as Answer;
  }

  async timeline(): Promise<readonly TimelineEntry[]> {
    return (await this.get<{ readonly entries: readonly TimelineEntry[] }>('/timeline?limit=1000')).entries;
  }
}

async function start(sandbox: Sandbox, programs: string) {
  const config = writeConfig(sandbox, programs);
  const daemon = await startDaemon(sandbox, ours, config);
  return { daemon, config, api: new Api(config.api) };
}

scenarioTest('tells how often a program was restarted and how it ended', async ({ sandbox }) => {
  const { api } = await start(
    sandbox,
    `[program:flap]
command=/bin/sh -c 'sleep 0.2; exit 3'
startsecs=0
autorestart=true
`,
  );
  const flap = await waitFor('two restarts', async () => {
    const view = await api.get<ProcessView>('/processes/flap');
    return view.restarts >= 2 && view;
  });
  expect(flap.exit).toMatchObject({ code: 3, signal: null, expected: false });
  const { changes } = await api.get<{ readonly changes: readonly unknown[] }>('/processes/flap/history');
  expect(changes.slice(0, 4)).toMatchObject([
    { from: 'STOPPED', to: 'STARTING', exit: null, cause: null },
    { from: 'STARTING', to: 'RUNNING' },
    { from: 'RUNNING', to: 'EXITED', exit: { code: 3 } },
    { from: 'EXITED', to: 'STARTING', exit: null },
  ]);
  expect((await api.timeline()).map(({ text }) => text)).toContain(
    'flap EXITED: exit status 3, not expected',
  );
});

scenarioTest('measures a program with everything it started', async ({ sandbox }) => {
  sandbox.write('tree.sh', '(while :; do :; done) &\nwait\n');
  const { api } = await start(
    sandbox,
    '[program:tree]\ncommand=/bin/sh %(here)s/tree.sh\nstopasgroup=true\nkillasgroup=true\n',
  );
  await waitFor('the loop', async () => {
    const { cpuPercent, memoryBytes } = await api.get<ProcessView>('/processes/tree?interval=200');
    // The shell itself only waits.
    return (cpuPercent ?? 0) > 0 && (memoryBytes ?? 0) > 0;
  });
});

scenarioTest('remembers who asked for what, also over a restart of the daemon', async ({ sandbox }) => {
  const { api, daemon, config } = await start(
    sandbox,
    '[program:cat]\ncommand=/bin/cat\nautostart=false\nstartsecs=0\n',
  );
  expect(await api.post('/processes/cat/start')).toMatchObject({ outcomes: [{ name: 'cat', ok: true }] });
  const { changes } = await api.get<{ readonly changes: readonly unknown[] }>('/processes/cat/history');
  expect(changes[0]).toMatchObject({
    to: 'STARTING',
    cause: { interface: 'json-api', user: null, action: 'startProcess' },
  });
  const before = await api.get<{ readonly lastEventId: number }>('/processes');
  daemon.signal('SIGHUP');
  const told = await waitFor('the daemon that has started again', async () => {
    const entries = await api.timeline();
    return entries.filter(({ text }) => text === 'the daemon has started').length === 2 && entries;
  });
  const texts = told.map(({ interface: way, text }) => [way, text]);
  expect(texts).toContainEqual(['json-api', 'startProcess cat']);
  expect(texts).toContainEqual(['signal', 'restart']);
  // What came before is about processes that are no more.
  const stream = await firstEvents(config.api, `/api/v1/events?since=${before.lastEventId}`);
  expect(stream).toContain('event: reset');
});

scenarioTest('carries out an update of the configuration', async ({ sandbox }) => {
  const { api } = await start(sandbox, '[program:old]\ncommand=/bin/cat\nstartsecs=0\n');
  const section = '[program:new]\ncommand=/bin/cat\nstartsecs=0\n';
  sandbox.write(
    'supervisord.conf',
    sandbox.read('supervisord.conf').replace(/\[program:old\][^[]*/, section),
  );
  const plan = await api.get<{ readonly groups: readonly { readonly name: string }[] }>('/config/plan');
  expect(plan.groups.map(({ name }) => name).toSorted()).toEqual(['new', 'old']);
  const { outcomes } = await api.post<{ readonly outcomes: readonly unknown[] }>('/config/update');
  expect(outcomes).toContainEqual(expect.objectContaining({ group: 'old', done: 'removed' }));
  expect(outcomes).toContainEqual(expect.objectContaining({ group: 'new', done: 'added' }));
  await waitFor('the new program', async () => {
    const answer = await api.get<ProcessView>('/processes/new');
    return answer.state === 'RUNNING';
  });
  sandbox.write('supervisord.conf', '[supervisord\n');
  expect(await api.post('/config/reread')).toMatchObject({ status: 409, fault: 'CANT_REREAD' });
});

/** The beginning of a stream that does not end by itself. */
function firstEvents(target: HttpTarget, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ ...target, path, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => {
        text += chunk;
        if (text.includes('event: ')) {
          outgoing.destroy();
          resolve(text);
        }
      });
      answer.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}
