/** Defects that are put into a running daemon: each ends the work it came from, is told and counted, and nothing else. */
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import { describe, expect } from 'vitest';

import { writeConfig } from '../../helpers/config.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { ours } from '../../helpers/flavours.ts';
import { httpGet } from '../../helpers/http.ts';
import { runProgram } from '../../helpers/run-program.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { signalProcess } from '../../helpers/signal-process.ts';
import { waitFor } from '../../helpers/wait.ts';
import { callRpc } from '../../helpers/xml-rpc.ts';

/**
 * Loaded into the daemon before anything else. Breaks the search for a token in a marked line, the answer to a marked request, and on
 * SIGWINCH a timer and a promise of nobody.
 */
const sabotage = `
import http from 'node:http';

const { indexOf } = Buffer.prototype;
Buffer.prototype.indexOf = function (wanted, ...rest) {
  if (Buffer.isBuffer(wanted) && this.toString('latin1').includes('said: break')) {
    throw new TypeError('injected into a log');
  }
  return indexOf.call(this, wanted, ...rest);
};

const { writeHead } = http.ServerResponse.prototype;
let broken = 0;
http.ServerResponse.prototype.writeHead = function (...args) {
  if (this.req.url.includes('break-the-request') && broken++ === 0) {
    throw new TypeError('injected into a request');
  }
  return writeHead.apply(this, args);
};

process.on('SIGWINCH', () => {
  setImmediate(() => {
    throw new TypeError('injected into a timer');
  });
  void Promise.reject(new TypeError('injected into a promise'));
});
`;

const programs = `[program:talker]
command=/bin/sh -c 'while read -r line; do echo "said: $line"; done'
stdout_logfile=%(here)s/talker.log
stdout_capture_maxbytes=1KB
startsecs=0
[program:other]
command=/bin/sleep 1000
startsecs=0
`;

/** Breaks the start itself. */
const earlySabotage = `
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';

http.createServer = () => {
  throw new TypeError('injected into the start');
};
syncBuiltinESMExports();
`;

const reason = ours.supervisordMissing;

describe.skipIf(reason !== null).concurrent(`defects (${reason ?? 'ours'})`, () => {
  scenarioTest(
    'of a log, a request, a timer and a promise are contained and counted',
    async ({ sandbox }) => {
      const file = pathToFileURL(sandbox.write('sabotage.mjs', sabotage)).href;
      const config = writeConfig(sandbox, programs);
      const env = { NODE_OPTIONS: `--import=${file}` };
      const daemon = await startDaemon(sandbox, ours, { ...config, env });
      await daemon.output.match(/success: other[^]*success: talker/);
      const say = (text: string) =>
        callRpc(config.api, 'supervisor.sendProcessStdin', ['talker', `${text}\n`]);
      const state = async (name: string) =>
        ((await callRpc(config.api, 'supervisor.getProcessInfo', [name])) as unknown as { statename: string })
          .statename;

      await say('break');
      await daemon.output.match(/CRIT unexpected error in .*TypeError: injected into a log/);
      await say('whole');
      await waitFor('the next line', () => sandbox.read('talker.log').includes('said: whole\n'));
      expect(await state('talker')).toBe('RUNNING');

      expect((await httpGet(config.api, '/logtail/talker?break-the-request')).status).toBe(500);
      await daemon.output.match(
        /unexpected error in the request GET \/logtail\/talker: TypeError: injected into a/,
      );

      signalProcess(daemon.pid, 'SIGWINCH');
      await daemon.output.match(/unexpected error in the event loop: TypeError: injected into a timer/);
      await daemon.output.match(/unexpected error in a promise: TypeError: injected into a promise/);

      const { body } = await httpGet(config.api, '/api/v1/state');
      expect(JSON.parse(body)).toMatchObject({ containedErrors: 4 });
      expect(await callRpc(config.api, 'supervisor.stopProcess', ['other'])).toBe(true);
      expect(await callRpc(config.api, 'supervisor.startProcess', ['other'])).toBe(true);

      daemon.signal('SIGTERM');
      expect(await daemon.ended).toEqual({ code: 0, signal: null });
      expect(daemon.output.text).toMatch(/CRIT 4 unexpected errors were contained since the start\n$/);
      expect(sandbox.survivors()).toEqual([]);
    },
  );

  for (const [where, args] of [
    ['foreground', ['-n']],
    ['background', []],
  ] as const) {
    scenarioTest(`of the start end it, in the ${where}, with a word on the terminal`, async ({ sandbox }) => {
      const file = pathToFileURL(sandbox.write('sabotage.mjs', earlySabotage)).href;
      const { configFile, pidfile } = writeConfig(sandbox, programs);
      const { code, stderr } = await runProgram(ours.supervisord, [...args, '-c', configFile], {
        env: { ...sandbox.env, NODE_OPTIONS: `--import=${file}` },
        cwd: sandbox.directory,
      });
      expect(code).toBe(1);
      expect(stderr).toMatch(/^supervisord: unexpected error: TypeError: injected into the start\n {4}at /);
      expect(existsSync(pidfile)).toBe(false);
    });
  }
});
