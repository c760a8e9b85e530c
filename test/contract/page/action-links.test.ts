/** The addresses that the original's page acts by, called as scripts call them, on both daemons. */
import { describe, expect, it } from 'vitest';

import { startDaemon } from '../../helpers/daemon.ts';
import { type Flavour, original, ours } from '../../helpers/flavours.ts';
import { freePort } from '../../helpers/free-port.ts';
import { httpRequest } from '../../helpers/http.ts';
import { Sandbox } from '../../helpers/sandbox.ts';

const programs = `[program:web]
command=/bin/cat
startsecs=0
[program:bad]
command=/no/such/command
autostart=false
[program:quick]
command=/bin/false
autostart=false
startretries=0
[group:g]
programs=one
[program:one]
command=/bin/cat
startsecs=0
`;

/** One after the other: each begins where the one before has ended. */
const addresses = [
  '/index.html?processname=web&action=stop',
  '/index.html?processname=web&action=stop',
  '/index.html?processname=web&action=start',
  '/index.html?processname=web&action=start',
  '/?processname=web&action=restart',
  '//index.html?processname=web&action=restart',
  '/index.html?processname=g:one&action=restart',
  '/index.html?processname=g:*&action=stop',
  '/index.html?processname=nosuch&action=start',
  '/index.html?processname=nosuch&action=stop',
  '/index.html?processname=nosuch&action=restart',
  '/index.html?processname=nosuch&action=clearlog',
  "/index.html?processname=a%20b%26c%2F~'(*)!&action=start",
  '/index.html?processname=bad&action=start',
  '/index.html?processname=bad&action=restart',
  '/index.html?processname=quick&action=start',
  '/index.html?processname=web&action=clearlog',
  '/index.html?action=stopall',
  '/index.html?action=restartall',
  '/index.html?action=refresh',
  '/index.html?action=explode',
  '/index.html?action=start',
  '/index.html?processname=&action=start',
];

const pages = [
  '/',
  '//',
  '///ok.html',
  '//tail.html?processname=web',
  '//index.html',
  '/index.html?processname=web',
];
const files = [
  '/stylesheets/supervisor.css',
  '//stylesheets/supervisor.css',
  '/images/icon.png',
  '/images/supervisor.gif',
  '/images/state0.gif',
  '/images/nosuch.gif',
];

async function answersOf(flavour: Flavour): Promise<unknown> {
  const sandbox = new Sandbox();
  try {
    const port = await freePort();
    const configFile = sandbox.write(
      'supervisord.conf',
      `[supervisord]
logfile=%(here)s/supervisord.log
pidfile=%(here)s/supervisord.pid
childlogdir=%(here)s
[inet_http_server]
port=127.0.0.1:${port}
username=u
password=p
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
${programs}`,
    );
    const daemon = await startDaemon(sandbox, flavour, { configFile });
    await daemon.output.match(/success: one entered RUNNING/);
    await daemon.output.match(/success: web entered RUNNING/);
    const get = (target: string, options = {}) =>
      httpRequest({ port }, target, {
        credentials: { username: 'u', password: 'p' },
        headers: { 'User-Agent': 'curl/7.88.1' },
        ...options,
      });
    const acted = [];
    for (const address of addresses) {
      const { status, headers } = await get(address);
      acted.push([address, status, withoutTimes(headers.location, port)]);
    }
    const posted = await get('/index.html', { method: 'POST', body: 'processname=web&action=stop' });
    const found = [];
    for (const target of [...pages, ...files]) {
      const { status, headers } = await get(target);
      found.push([target, status, headers['content-type']?.replaceAll('; ', ';')]);
    }
    return { acted, posted: [posted.status, withoutTimes(posted.headers.location, port)], found };
  } finally {
    await sandbox.close();
  }
}

function withoutTimes(location: string | undefined, port: number): string | undefined {
  return location
    ?.replace(`:${port}`, ':PORT')
    .replace(/at%20\w{3}%20\w{3}%20(?:%20)?\d+%20\d\d%3A\d\d%3A\d\d%20\d{4}$/, 'at%20TIME');
}

const reason = original.supervisordMissing ?? ours.supervisordMissing;
const title = 'B19.2: action links called by a script';

describe.skipIf(reason !== null)(reason === null ? title : `${title} (${reason})`, () => {
  it('are answered with the status, location and message of the original', async () => {
    const [expected, answered] = await Promise.all([original, ours].map((flavour) => answersOf(flavour)));
    const ofNotFound = (answers: unknown): string =>
      JSON.stringify(answers).replaceAll('"text/html;charset=utf-8"', '"text/html"');
    expect(JSON.parse(ofNotFound(answered))).toEqual(JSON.parse(ofNotFound(expected)));
  });
});
