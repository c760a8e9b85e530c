/**
 * Writes V8's compiled form of supervisorctl's bundle beside it: `node compile-quick.mjs [BUNDLE]`, by default the bundle of this
 * package, if it has been built.
 *
 * The compiled form is of one build of node, differs from run to run, and nobody can read it. So it is no part of the package:
 * it is made where it is used, by the build or when the package is installed. It holds the functions that have run by then, for
 * which the program is run first, on a server that gives the answers of a daemon with many processes.
 */
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import vm from 'node:vm';

const processes = 20;

/** @param {string} value An XML-RPC value. */
function reply(value) {
  return `<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n${value}</param>\n</params>\n</methodResponse>\n`;
}

/** @param {number} number Of the process. */
function processInfo(number) {
  const texts = { name: `web_${number}`, group: 'web', description: 'pid 7, uptime 0:00:01', spawnerr: '' };
  const logs = { statename: 'RUNNING', logfile: '/o', stdout_logfile: '/o', stderr_logfile: '/e' };
  const numbers = { start: 1, stop: 0, now: 2, state: 20, exitstatus: 0, pid: 7 };
  const lines = Object.entries({ ...texts, ...logs, ...numbers }).map(([name, value]) => {
    const type = typeof value === 'string' ? 'string' : 'int';
    return `<member>\n<name>${name}</name>\n<value><${type}>${value}</${type}></value>\n</member>\n`;
  });
  return `<value><struct>\n${lines.join('')}</struct></value>\n`;
}

const list = Array.from({ length: processes }, (_, number) => processInfo(number)).join('');

/** By method; any other answers true. @type {Readonly<Record<string, string>>} */
const answers = {
  getVersion: reply('<value><string>3.0</string></value>\n'),
  getSupervisorVersion: reply('<value><string>5.0.0</string></value>\n'),
  getAllProcessInfo: reply(`<value><array><data>\n${list}</data></array></value>\n`),
  getProcessInfo: reply(processInfo(0)),
};

const bundle = process.argv[2] ?? path.join(import.meta.dirname, '..', 'dist', 'supervisorctl.js');
if (process.argv[2] === undefined && !existsSync(bundle)) {
  // Packages are being installed for the first build.
  process.exit(0);
}
const directory = mkdtempSync(path.join(os.tmpdir(), 'sv-'));
const socket = path.join(directory, 's.sock');
const configFile = path.join(directory, 's.conf');
writeFileSync(configFile, `[supervisorctl]\nserverurl = unix://${socket}\n`);

const server = createServer((request, response) => {
  request.setEncoding('utf8').once('data', (/** @type {string} */ body) => {
    const method = /<methodName>supervisor\.(\w+)</.exec(body)?.[1] ?? '';
    response.end(answers[method] ?? reply('<value><boolean>1</boolean></value>\n'));
  });
});
await new Promise((resolve) => {
  server.listen(socket, () => {
    resolve(undefined);
  });
});

try {
  const source = readFileSync(bundle, 'latin1');
  const script = new vm.Script(source, { filename: bundle });
  /** @type {{ main: (args: readonly string[]) => Promise<number> }} */
  const program = script.runInThisContext()(createRequire(bundle), bundle);
  // What it prints is of no interest, only that it does.
  process.stdout.write = (
    /** @type {unknown} */ _data,
    /** @type {unknown} */ encoding,
    callback = encoding,
  ) => {
    if (typeof callback === 'function') {
      setImmediate(() => callback());
    }
    return true;
  };
  for (const action of [
    ['status'],
    ['version'],
    ['pid', 'web'],
    ['start', 'web', 'web:web_1'],
    ['restart', 'web'],
  ]) {
    await program.main(['-c', configFile, ...action]);
  }
  const digest = source.slice(source.lastIndexOf('\n//'));
  writeFileSync(
    `${bundle}.cache.new`,
    Buffer.concat([Buffer.from(digest, 'latin1'), script.createCachedData()]),
  );
  renameSync(`${bundle}.cache.new`, `${bundle}.cache`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
// The server and connections of the runs are still open.
process.exit(0);
