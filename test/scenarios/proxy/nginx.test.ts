/** The page behind a real nginx: as docs/dashboard.md prints it, and as many sites have it for the original. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect } from 'vitest';

import { startDaemon, type ForegroundDaemon } from '../../helpers/daemon.ts';
import { reasonToSkip } from '../../helpers/debian.ts';
import { ours, projectRoot } from '../../helpers/flavours.ts';
import { freePort } from '../../helpers/free-port.ts';
import { httpRequest, type HttpAnswer } from '../../helpers/http.ts';
import { writeNginxConfig } from '../../helpers/nginx.ts';
import { startProgram } from '../../helpers/run-program.ts';
import type { Sandbox } from '../../helpers/sandbox.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { waitFor } from '../../helpers/wait.ts';

/** The code block of a kind in a chapter of docs/dashboard.md. */
function example(kind: string): string {
  const text = readFileSync(path.join(projectRoot, 'docs/dashboard.md'), 'utf8');
  const chapter = text.slice(text.indexOf('## Behind a reverse proxy'));
  return new RegExp(`\`\`\`${kind}\n([^]*?)\`\`\``).exec(chapter)?.[1] ?? '';
}

interface Site {
  readonly daemon: ForegroundDaemon;
  get(target: string, headers?: Record<string, string>): Promise<HttpAnswer>;
}

/** nginx with this server block, in front of a daemon with this section; ports are replaced. */
async function startSite(sandbox: Sandbox, serverBlock: string, section: string): Promise<Site> {
  const [sitePort, port] = [await freePort(), await freePort()];
  const configFile = sandbox.write(
    'supervisord.conf',
    `[supervisord]
logfile=%(here)s/supervisord.log
pidfile=%(here)s/supervisord.pid
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[program:web]
command=/bin/cat
startsecs=0
stdout_logfile=NONE
stderr_logfile=NONE
${section.replace('9001', String(port))}`,
  );
  const daemon = await startDaemon(sandbox, ours, { configFile });
  const block = serverBlock
    .replace('listen 80', `listen 127.0.0.1:${sitePort}`)
    .replace('9001', String(port));
  const nginxFile = writeNginxConfig(sandbox, block);
  const nginx = startProgram('/usr/sbin/nginx', ['-e', 'stderr', '-c', nginxFile], {
    env: sandbox.env,
    cwd: sandbox.directory,
  });
  sandbox.adopt(nginx.pid);
  const get = (target: string, headers: Record<string, string> = {}): Promise<HttpAnswer> =>
    httpRequest({ port: sitePort }, target, { headers });
  await waitFor('nginx to answer', async () => (await get('/nothing')).status === 404);
  return { daemon, get };
}

const browser = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64)' };
const reason = reasonToSkip(['nginx']) ?? ours.supervisordMissing;
const title = 'the page behind nginx';

describe.skipIf(reason !== null)(reason === null ? title : `${title} (${reason})`, () => {
  scenarioTest('works with the example of docs/dashboard.md as printed', async ({ sandbox }) => {
    const site = await startSite(sandbox, example('nginx'), example('ini'));
    const headers = { ...browser, Host: 'ops.example.com' };
    const page = await site.get('/ops/host-1/', headers);
    expect([page.status, page.body.includes('>web</a>')]).toEqual([200, true]);
    expect((await site.get('/ops/host-1/main.js', headers)).status).toBe(200);
    expect((await site.get('/ops/host-1/api/v1/processes', headers)).body).toContain('"web"');
  });

  scenarioTest(
    'says in the page and in the log what to set for a name that is not allowed',
    async ({ sandbox }) => {
      const section = '[inet_http_server]\nport=127.0.0.1:9001\n';
      const site = await startSite(sandbox, example('nginx'), section);
      for (let request = 0; request < 3; request += 1) {
        const page = await site.get('/ops/host-1/', { ...browser, Host: 'ops.example.com' });
        expect(page.status).toBe(421);
        expect(page.body).toContain('ops.example.com is no name of this machine');
        expect(page.body).toContain('Set username and password in [inet_http_server], or allowed_hosts');
      }
      const lines = site.daemon.output.text.match(/WARN refused a request for the host .*/g);
      expect(lines).toEqual([
        'WARN refused a request for the host "ops.example.com": Set username and password in [inet_http_server], or allowed_hosts to the names it may be asked for by',
      ]);
    },
  );

  scenarioTest('is found where the location has no slash at its end', async ({ sandbox }) => {
    const block = 'server { listen 80; location /supervisor { proxy_pass http://127.0.0.1:9001/; } }';
    const site = await startSite(sandbox, block, '[inet_http_server]\nport=127.0.0.1:9001\n');
    for (const target of [
      '',
      '/',
      '/index.html',
      '/tail.html?processname=web',
      '/main.js',
      '/api/v1/processes',
    ]) {
      expect((await site.get(`/supervisor${target}`, browser)).status, target).toBe(200);
    }
    const acted = await site.get('/supervisor/index.html?processname=web&action=restart', {
      'User-Agent': 'curl/7.88.1',
    });
    expect(acted.status).toBe(301);
    await site.daemon.output.match(/stopped: web[^]*spawned: 'web'/);
  });
});
