/** The same bytes sent to both daemons: status, the headers that clients look at, and whether the connection stays. */
import { connect } from 'node:net';

import { describe, expect } from 'vitest';

import { writeConfig } from '../../helpers/config.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { original, ours, type Flavour } from '../../helpers/flavours.ts';
import { freePort } from '../../helpers/free-port.ts';
import { Sandbox } from '../../helpers/sandbox.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';

const missing = original.supervisordMissing ?? ours.supervisordMissing;

const authorization = `Authorization: Basic ${Buffer.from('user:pass').toString('base64')}\r\n`;
const call = '<?xml version="1.0"?><methodCall><methodName>supervisor.getState</methodName></methodCall>';

function post(
  target: string,
  { body = call, version = '1.1', headers = '', auth = authorization } = {},
): string {
  return `POST ${target} HTTP/${version}\r\nHost: x\r\nContent-Length: ${body.length}\r\n${headers}${auth}\r\n${body}`;
}

/** A call of a method that says nothing of an argument it can read, with this inside its `<value>`. */
function withParameter(value: string): string {
  const params = `<params><param><value>${value}</value></param></params>`;
  return call.replace('supervisor.getState</methodName>', `system.methodSignature</methodName>${params}`);
}

function get(target: string, { version = '1.1', auth = authorization } = {}): string {
  return `GET ${target} HTTP/${version}\r\nHost: x\r\n${auth}\r\n`;
}

const requests: readonly (readonly [what: string, bytes: string])[] = [
  ['a call', post('/RPC2')],
  ['a call with a slash', post('/RPC2/')],
  ['a call with more after the path', post('/RPC2foo?x=1')],
  ['a call with HTTP/1.0', post('/RPC2', { version: '1.0' })],
  [
    'a call with HTTP/1.0 that stays',
    post('/RPC2', { version: '1.0', headers: 'Connection: keep-alive\r\n' }),
  ],
  ['a call that closes', post('/RPC2', { headers: 'Connection: close\r\n' })],
  [
    'a call without Host',
    `POST /RPC2 HTTP/1.1\r\nContent-Length: ${call.length}\r\n${authorization}\r\n${call}`,
  ],
  ['a GET', get('/RPC2')],
  ['no length', `POST /RPC2 HTTP/1.1\r\nHost: x\r\n${authorization}\r\n`],
  ['no XML', post('/RPC2', { body: '<x' })],
  ['no method', post('/RPC2', { body: '<methodCall></methodCall>' })],
  ['a POST to nothing', post('/nothing', { body: '' })],
  ['a GET of nothing', get('/nothing')],
  ['/ok.html', get('/ok.html')],
  ['the log of nothing', get('/logtail/nothing')],
  ['the log of a group', get('/logtail/cat:')],
  ['another stream', get('/logtail/cat/other')],
  ['a log that does not exist', get('/logtail/off')],
  ['a log posted to', post('/logtail/cat', { body: '' })],
  ['a DELETE', get('/RPC2').replace('GET', 'DELETE')],
  ['an OPTIONS', get('/ok.html').replace('GET', 'OPTIONS')],
  ['a path with a percent sign', get('/%6Fk.html')],
  ['a query', get('/ok.html?x=1')],
  ['a response', post('/RPC2', { body: '<methodResponse><params/></methodResponse>' })],
  ['another value than a method name', post('/RPC2', { body: call.replace('supervisor.getState', '') })],
  [
    'blanks around the method name',
    post('/RPC2', { body: call.replace('supervisor.getState', ' supervisor.getState ') }),
  ],
  ['the integer types', post('/RPC2', { body: withParameter('<i4>1</i4>') })],
  ['an i8', post('/RPC2', { body: withParameter('<i8>1</i8>') })],
  ['a nil', post('/RPC2', { body: withParameter('<nil/>') })],
  ['an integer that is none', post('/RPC2', { body: withParameter('<int>x</int>') })],
  ['an integer with blanks', post('/RPC2', { body: withParameter('<int> 1 </int>') })],
  ['an empty array', post('/RPC2', { body: withParameter('<array><data></data></array>') })],
  ['an array without data', post('/RPC2', { body: withParameter('<array></array>') })],
  ['an empty struct', post('/RPC2', { body: withParameter('<struct></struct>') })],
  [
    'empty parameters',
    post('/RPC2', { body: call.replace('</methodName>', '</methodName><params></params>') }),
  ],
  ['no credentials', get('/RPC2', { auth: '' })],
  ['wrong credentials', get('/ok.html', { auth: 'Authorization: Basic dXNlcjpub3Bl\r\n' })],
  ['another scheme', get('/ok.html', { auth: 'Authorization: Bearer x\r\n' })],
];

interface Answer {
  readonly status: string;
  readonly contentType: string;
  readonly authenticate: string;
  /** Bytes of the body, where it is the daemon's answer and not a page for people. */
  readonly body: string;
  readonly closes: boolean;
}

/** Sends the bytes, then a second request that shows whether the connection is still there. */
function exchange(port: number, bytes: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let received = '';
    let answer: Answer | null = null;
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    const settle = (closes: boolean): void => {
      socket.destroy();
      if (answer === null) {
        reject(new Error(`the connection was closed after ${JSON.stringify(received)}`));
      } else {
        resolve({ ...answer, closes });
      }
    };
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString();
      if (answer !== null) {
        settle(false);
        return;
      }
      answer = parse(received);
      if (answer?.closes === true) {
        settle(true);
      } else if (answer !== null) {
        socket.write(get('/ok.html'));
      }
    });
    socket.on('error', () => settle(true));
    socket.on('close', () => settle(true));
  });
}

/** A whole answer with a length, or null while it is incomplete. */
function parse(text: string): Answer | null {
  const [head = '', body] = text.split(/\r\n\r\n(.*)/s);
  const header = (name: string): string => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1]?.trim() ?? '';
  if (body === undefined || body.length < Number(header('Content-Length'))) {
    return null;
  }
  const status = /^HTTP\/1\.\d (\d+ [^\r]*)/.exec(head)?.[1] ?? head;
  const isOk = status.startsWith('200');
  return {
    status,
    contentType: isOk ? header('Content-Type') : '',
    authenticate: header('WWW-Authenticate'),
    body: isOk ? body : '',
    // Compat: the original announces the end after a 401, and is deaf from then on instead of closing.
    closes: header('Connection').toLowerCase() === 'close',
  };
}

async function tell(sandbox: Sandbox, flavour: Flavour): Promise<readonly unknown[]> {
  const port = await freePort();
  const config = writeConfig(
    sandbox,
    `[inet_http_server]
port=127.0.0.1:${port}
username=user
password=pass
[program:cat]
command=/bin/cat
startsecs=0
[program:off]
command=/bin/cat
autostart=false
stdout_logfile=%(here)s/missing.log
`,
  );
  await startDaemon(sandbox, flavour, config);
  const answers: unknown[] = [];
  for (const [what, bytes] of requests) {
    answers.push([what, await exchange(port, bytes)]);
  }
  return answers;
}

describe.skipIf(missing !== null)(`HTTP answers${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  scenarioTest('B18.1: B19.1: B19.5: every request is answered as by the original', async ({ sandbox }) => {
    const second = new Sandbox();
    try {
      const expected = await tell(sandbox, original);
      expect(await tell(second, ours)).toEqual(expected);
    } finally {
      await second.close();
    }
  });
});
