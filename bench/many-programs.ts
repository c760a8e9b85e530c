/** Many programs: `supervisorctl status` of a hundred, how often they can be asked for, `start all` of two hundred. */
import { spawn } from 'node:child_process';
import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';

import { runCtl } from '../test/helpers/ctl.ts';
import { startDaemon } from '../test/helpers/daemon.ts';
import type { Flavour } from '../test/helpers/flavours.ts';
import { runProgram } from '../test/helpers/run-program.ts';
import { Sandbox } from '../test/helpers/sandbox.ts';
import { waitFor } from '../test/helpers/wait.ts';
import { type Benchmark, median } from './measure.ts';

const programs = 100;
const statusCalls = 9;

/** The limit is an empty script: nothing that runs in Node ends sooner. */
export const statusOfMany: Benchmark = {
  name: 'status',
  figures: [{ name: `supervisorctl status, ${programs} programs`, unit: 'ms' }],
  rounds: 5,
  measure: (flavour) =>
    withDaemon(flavour, programs, true, async (ctl) => {
      await waitForAll(ctl, programs);
      return [await medianTime(() => ctl('status'))];
    }),
  measureLimit: async () => {
    const sandbox = new Sandbox();
    try {
      const script = sandbox.write('empty.cjs', '');
      const { env, directory: cwd } = sandbox;
      return [await medianTime(() => runProgram(process.execPath, [script], { env, cwd }))];
    } finally {
      await sandbox.close();
    }
  },
};

/** For so long the daemon is asked, after as many calls to warm up as the original answers in a second. */
const askedMs = 2000;
const warmUpCalls = 100;

/** One client with one connection, one call after the other; the answers are read, and not decoded. */
export const callsOfMany: Benchmark = {
  name: 'getAllProcessInfo',
  figures: [{ name: `getAllProcessInfo, ${programs} programs`, unit: 'calls/s' }],
  rounds: 3,
  measure: (flavour) =>
    withDaemon(flavour, programs, true, async (ctl, sandbox) => {
      await waitForAll(ctl, programs);
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const socketPath = sandbox.path('s.sock');
      for (let call = 0; call < warmUpCalls; call += 1) {
        await askForAll(socketPath, agent);
      }
      const startedAt = performance.now();
      let calls = 0;
      for (; performance.now() - startedAt < askedMs; calls += 1) {
        await askForAll(socketPath, agent);
      }
      const seconds = (performance.now() - startedAt) / 1000;
      agent.destroy();
      return [calls / seconds];
    }),
};

const started = 200;

/** The limit is a shell that starts as many of the same program in a loop, and does nothing else. */
export const startOfMany: Benchmark = {
  name: 'start all',
  figures: [{ name: `supervisorctl start all, ${started} programs`, unit: 'ms' }],
  rounds: 5,
  measure: (flavour) =>
    withDaemon(flavour, started, false, async (ctl) => {
      const startedAt = performance.now();
      const { stdout } = await ctl('start', 'all');
      const time = performance.now() - startedAt;
      if (stdout.split(': started\n').length !== started + 1) {
        throw new Error(`not all programs were started:\n${stdout}`);
      }
      return [time];
    }),
  measureLimit: async () => {
    const loop = `for i in $(seq ${started}); do /bin/sleep 1000 >/dev/null & done; echo started; kill $(jobs -p); wait`;
    const startedAt = performance.now();
    const shell = spawn('/bin/sh', ['-c', loop], { stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = new Promise((resolve) => {
      shell.once('close', resolve);
    });
    await new Promise((resolve) => {
      shell.stdout.once('data', resolve);
    });
    const time = performance.now() - startedAt;
    await ended;
    return [time];
  },
};

type Ctl = (...args: string[]) => Promise<{ readonly stdout: string }>;

async function withDaemon(
  flavour: Flavour,
  count: number,
  autostart: boolean,
  measure: (ctl: Ctl, sandbox: Sandbox) => Promise<readonly number[]>,
): Promise<readonly number[]> {
  const sandbox = new Sandbox();
  try {
    const configFile = sandbox.write('s.conf', configuration(count, autostart));
    await startDaemon(sandbox, flavour, { configFile });
    return await measure((...args) => runCtl(sandbox, flavour, args, { configFile }), sandbox);
  } finally {
    await sandbox.close();
  }
}

async function waitForAll(ctl: Ctl, count: number): Promise<void> {
  await waitFor('all programs to run', async () => {
    const { stdout } = await ctl('status');
    return stdout.split('\n').filter((line) => line.includes(' RUNNING ')).length === count;
  });
}

async function medianTime(run: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let call = 0; call < statusCalls; call += 1) {
    const startedAt = performance.now();
    await run();
    times.push(performance.now() - startedAt);
  }
  return median(times);
}

const question =
  "<?xml version='1.0'?><methodCall><methodName>supervisor.getAllProcessInfo</methodName></methodCall>";

function askForAll(socketPath: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'text/xml', 'Content-Length': question.length };
    const outgoing = request({ socketPath, path: '/RPC2', method: 'POST', agent, headers }, (response) => {
      response.on('error', reject);
      response.on('end', resolve);
      response.resume();
    });
    outgoing.on('error', reject);
    outgoing.end(question);
  });
}

function configuration(count: number, autostart: boolean): string {
  return `[supervisord]
logfile=/dev/null
logfile_maxbytes=0
pidfile=%(here)s/s.pid

[unix_http_server]
file=%(here)s/s.sock

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

[supervisorctl]
serverurl=unix://%(here)s/s.sock

[program:sleeper]
command=/bin/sleep 1000
process_name=%(program_name)s_%(process_num)03d
numprocs=${count}
autostart=${autostart}
startsecs=0
stdout_logfile=NONE
stderr_logfile=NONE
`;
}
