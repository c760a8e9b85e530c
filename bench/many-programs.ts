/** Many programs: `supervisorctl status` of a hundred, how often they can be asked for, `start all` of two hundred. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';

import { startDaemon } from '../test/helpers/daemon.ts';
import type { Flavour } from '../test/helpers/flavours.ts';
import { runProgram } from '../test/helpers/run-program.ts';
import { Sandbox } from '../test/helpers/sandbox.ts';
import { waitFor } from '../test/helpers/wait.ts';
import { type Ctl, ctlOf } from './ctl.ts';
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

/** For so long the daemon is asked, after five seconds to warm up. */
const askedMs = 3000;
const warmUpMs = 5000;
/** Connections with one call after the other: enough that the daemon never waits for a client. */
const connections = 4;

/** The answers are read to their end and not decoded, so that the daemon is measured and not its client. */
export const callsOfMany: Benchmark = {
  name: 'getAllProcessInfo',
  figures: [
    { name: `getAllProcessInfo, ${programs} programs`, unit: 'calls/s' },
    { name: "  the daemon's processor time for a call", unit: 'ms' },
  ],
  rounds: 3,
  measure: (flavour) =>
    withDaemon(flavour, programs, true, async (ctl, sandbox, pid) => {
      await waitForAll(ctl, programs);
      const socketPath = sandbox.path('s.sock');
      await askFor(socketPath, warmUpMs);
      const cpuBefore = processorMs(pid);
      const startedAt = performance.now();
      const calls = await askFor(socketPath, askedMs);
      const seconds = (performance.now() - startedAt) / 1000;
      return [calls / seconds, (processorMs(pid) - cpuBefore) / calls];
    }),
};

/** Asks on all connections for so long; returns how many answers came. */
async function askFor(socketPath: string, durationMs: number): Promise<number> {
  const until = performance.now() + durationMs;
  const counts = await Promise.all(Array.from({ length: connections }, () => askOn(socketPath, until)));
  return counts.reduce((sum, count) => sum + count, 0);
}

const question =
  "<?xml version='1.0'?><methodCall><methodName>supervisor.getAllProcessInfo</methodName></methodCall>";
const requestText = `POST /RPC2 HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml\r\nContent-Length: ${question.length}\r\n\r\n${question}`;

/** One call after the other on one connection. */
function askOn(socketPath: string, until: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    let answers = 0;
    /** Bytes of the answer that are still to come; null: its head has not come yet. */
    let left: number | null = null;
    socket.on('error', reject);
    socket.on('connect', () => socket.write(requestText));
    socket.on('data', (bytes) => {
      left = left === null ? answerLength(bytes) - bytes.length : left - bytes.length;
      if (left > 0) {
        return;
      }
      left = null;
      answers += 1;
      if (performance.now() < until) {
        socket.write(requestText);
      } else {
        socket.destroy();
        resolve(answers);
      }
    });
  });
}

/** Of head and body, by the beginning of an answer. */
function answerLength(bytes: Buffer): number {
  const head = bytes.toString('latin1', 0, 4096);
  const end = head.indexOf('\r\n\r\n');
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (end === -1 || length === undefined) {
    throw new Error(`an answer without a length: ${head.slice(0, 200)}`);
  }
  return end + 4 + Number(length);
}

/** A tick of the kernel's process statistics. */
const tickMs = 10;

/** Processor time that a process has had. Source: proc(5), `/proc/pid/stat`. */
function processorMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

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
    const loop = `for i in $(seq ${started}); do /bin/sleep 1000 >/dev/null & pids="$pids $!"; done; echo started; kill $pids; wait`;
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

async function withDaemon(
  flavour: Flavour,
  count: number,
  autostart: boolean,
  measure: (ctl: Ctl, sandbox: Sandbox, pid: number) => Promise<readonly number[]>,
): Promise<readonly number[]> {
  const sandbox = new Sandbox();
  try {
    const configFile = sandbox.write('s.conf', configuration(count, autostart));
    const { pid } = await startDaemon(sandbox, flavour, { configFile });
    return await measure(ctlOf(sandbox, flavour, configFile), sandbox, pid);
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
