/**
 * Attacks a server without a password at full speed, in a process of its own: `node attacker.mjs PORT SECONDS SEED`. Prints how often
 * it did what.
 */
import { connect } from 'node:net';

const [port = 0, seconds = 0, seed = 0] = process.argv.slice(2).map(Number);
const endMs = performance.now() + seconds * 1000;
/** @type {Record<string, number>} */
const counts = {};

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
let state = seed;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

/** @param {readonly Buffer[]} list */
function pick(list) {
  return list[Math.floor(random() * list.length)] ?? Buffer.alloc(0);
}

/**
 * Sends on a new connection; resolves when it is closed, or after some milliseconds, when it is left open or not.
 *
 * @param {string | Uint8Array} bytes
 * @returns {Promise<void>}
 */
function send(bytes, { read = true, waitMs = 1000, keep = false } = {}) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const timer = setTimeout(() => {
      if (!keep) {
        socket.destroy();
      }
      resolve();
    }, waitMs);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.on('connect', () => socket.write(bytes));
    if (read) {
      socket.resume();
    }
  });
}

/** @param {string} path @param {string} body */
function post(path, body) {
  const bytes = Buffer.from(body);
  const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${bytes.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), bytes]);
}

/** @param {string} method */
function call(method, params = '') {
  return `<?xml version="1.0"?><methodCall><methodName>${method}</methodName><params>${params}</params></methodCall>`;
}

const readLog =
  '<param><value>big</value></param><param><value><int>0</int></value></param><param><value><int>0</int></value></param>';
/** @param {string} name @param {string} params */
const callOf = (name, params) =>
  `<value><struct><member><name>methodName</name><value>${name}</value></member><member><name>params</name><value><array><data>${params}</data></array></value></member></struct></value>`;
/** @param {number} count @param {string} one */
const multicall = (count, one) =>
  call('system.multicall', `<param><value><array><data>${one.repeat(count)}</data></array></value></param>`);

const large = {
  manyCalls: post('/RPC2', multicall(20_000, callOf('supervisor.getState', ''))),
  manyLogs: post(
    '/RPC2',
    multicall(
      120,
      callOf(
        'supervisor.readProcessStdoutLog',
        '<value>big</value><value><int>0</int></value><value><int>0</int></value>',
      ),
    ),
  ),
  returns: post('/RPC2', `<x>${'\r'.repeat(16 * 2 ** 20 - 100)}`),
  entities: post(
    '/RPC2',
    call('supervisor.getState', `<param><value>${'&amp;'.repeat(2 ** 20)}</value></param>`),
  ),
  name: post(
    '/RPC2',
    call('supervisor.startProcess', `<param><value>${'n'.repeat(15 * 2 ** 20)}</value></param>`),
  ),
  keys: post(
    '/api/v1/session',
    `{${Array.from({ length: 300_000 }, (_, index) => `"k${index}":1`).join(',')}}`,
  ),
  members: post(
    '/RPC2',
    call(
      'system.multicall',
      `<param><value><struct>${'<member><name>a</name><value/></member>'.repeat(100_000)}</struct></value></param>`,
    ),
  ),
};
const pipelined = Buffer.from('GET /ok.html HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(20_000));
const unfinished = Buffer.concat([
  Buffer.from('POST /RPC2 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1048576\r\n\r\n'),
  Buffer.alloc(1_048_575, 'x'),
]);
const plain = [
  post('/RPC2', call('supervisor.getAllProcessInfo')),
  post('/RPC2', call('supervisor.readProcessStdoutLog', readLog)),
  post('/api/v1/processes/big/start', '{}'),
  Buffer.from('GET /api/v1/processes/big/logs/stdout?lines=100 HTTP/1.1\r\nHost: localhost\r\n\r\n'),
  Buffer.from('GET /tail.html?processname=big&limit=100000 HTTP/1.1\r\nHost: localhost\r\n\r\n'),
  Buffer.from('GET /?processname=big&action=x HTTP/1.1\r\nHost: localhost\r\n\r\n'),
];

/** Some bytes of a request replaced by others. */
function mutated() {
  const request = Buffer.from(pick(plain));
  for (let turn = Math.floor(random() * 6); turn >= 0; turn -= 1) {
    request[Math.floor(random() * request.length)] = Math.floor(random() * 256);
  }
  return request.subarray(0, Math.ceil(random() * request.length));
}

/** How many do what at a time. @type {Record<string, readonly [number, () => Promise<void>]>} */
const attacks = {
  half: [60, () => send('GET / HTTP/1.1\r\nX-Half: ', { waitMs: 200, keep: random() < 0.5 })],
  unfinished: [10, () => send(unfinished, { waitMs: 500 })],
  mutated: [16, () => send(mutated(), { waitMs: 300 })],
  plain: [4, () => send(pick(plain))],
  pipelined: [2, () => send(pipelined)],
  unread: [10, () => send(plain[1] ?? '', { read: false, waitMs: 2000 })],
  ...Object.fromEntries(
    Object.entries(large).map(([name, bytes]) => [
      name,
      /** @type {const} */ ([1, () => send(bytes, { waitMs: 5000 })]),
    ]),
  ),
};

/** @param {string} name @param {() => Promise<void>} attack */
async function repeat(name, attack) {
  while (performance.now() < endMs) {
    await attack();
    counts[name] = (counts[name] ?? 0) + 1;
  }
}

await Promise.all(
  Object.entries(attacks).flatMap(([name, [times, attack]]) =>
    Array.from({ length: times }, () => repeat(name, attack)),
  ),
);
console.log(JSON.stringify(counts));
process.exit(0);
