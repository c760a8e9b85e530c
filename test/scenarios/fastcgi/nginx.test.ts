/** FastCGI as it is used: nginx hands requests to PHP over a socket that the daemon made. */
import { describe, expect } from 'vitest';

import { reasonToSkip } from '../../helpers/debian.ts';
import { ours } from '../../helpers/flavours.ts';
import { freePort } from '../../helpers/free-port.ts';
import { httpGet, httpRequest } from '../../helpers/http.ts';
import { writeNginxConfig } from '../../helpers/nginx.ts';
import type { Sandbox } from '../../helpers/sandbox.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { waitFor } from '../../helpers/wait.ts';
import { Supervised } from '../lifecycle/supervised.ts';
import { repeatDuring } from './repeat-during.ts';

function nginxConfig(sandbox: Sandbox, sitePort: number, fastCgiPort: number): string {
  return writeNginxConfig(
    sandbox,
    `  server {
    listen 127.0.0.1:${sitePort};
    fastcgi_param REQUEST_METHOD $request_method;
    fastcgi_param CONTENT_TYPE $content_type;
    fastcgi_param CONTENT_LENGTH $content_length;
    fastcgi_param SCRIPT_FILENAME ${sandbox.path('site')}/index.php;
    fastcgi_param REDIRECT_STATUS 200;
    location /file/ { fastcgi_pass unix:${sandbox.path('php.sock')}; }
    location /port/ { fastcgi_pass 127.0.0.1:${fastCgiPort}; }
  }`,
  );
}

const reason = reasonToSkip(['nginx', 'php-cgi']) ?? ours.supervisordMissing;
const title = 'nginx and php-cgi';

describe.skipIf(reason !== null)(reason === null ? title : `${title} (${reason})`, () => {
  scenarioTest('B9: serve a site, also while PHP is restarted', async ({ sandbox }) => {
    const sitePort = await freePort();
    const fastCgiPort = await freePort();
    sandbox.write('site/index.php', '<?php echo getmypid(), " ", strrev(file_get_contents("php://input"));');
    const supervised = await Supervised.start(
      sandbox,
      ours,
      `[fcgi-program:php]
command=/usr/bin/php-cgi
process_name=php_%(process_num)d
numprocs=2
socket=unix://%(here)s/php.sock
environment=PHP_FCGI_MAX_REQUESTS="20"
autorestart=true
[fcgi-program:port]
command=/usr/bin/php-cgi
socket=tcp://127.0.0.1:${fastCgiPort}
[program:nginx]
command=/usr/sbin/nginx -e stderr -c ${nginxConfig(sandbox, sitePort, fastCgiPort)}
`,
    );
    await supervised.running('php_0', 'php_1', 'port', 'nginx');
    const site = { port: sitePort };
    await waitFor('nginx to serve', async () => (await httpGet(site, '/file/')).status === 200);
    const posted = await httpRequest(site, '/port/', { method: 'POST', body: 'desrever' });
    expect(posted).toMatchObject({ status: 200, body: `${(await supervised.info('port')).pid} reversed` });

    const statuses = new Set<number>();
    const visit = async () => statuses.add((await httpGet(site, '/file/')).status);
    await repeatDuring(visit, async () => {
      for (const name of ['php:php_0', 'php:php_1', 'php:php_0']) {
        await supervised.rpc('stopProcess', name);
        await supervised.rpc('startProcess', name, false);
      }
    });
    // Long enough for PHP to end by itself, as it does after so many requests.
    for (let count = 0; count < 60; count += 1) {
      await visit();
    }
    expect([...statuses]).toEqual([200]);
    expect(supervised.daemon.output.text).toContain('exited: php_');
  });
});
