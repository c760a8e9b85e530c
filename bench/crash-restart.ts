/**
 * From the death of a program to the first thing its successor does: the program writes its pid into a FIFO,
 * and is sent SIGKILL as soon as that has been read.
 */
import { execFileSync } from 'node:child_process';
import { constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';

import { startDaemon } from '../test/helpers/daemon.ts';
import type { Flavour } from '../test/helpers/flavours.ts';
import { Sandbox } from '../test/helpers/sandbox.ts';
import { type Benchmark, median } from './measure.ts';

const crashesPerRound = 10;

export const crashRestart: Benchmark = {
  name: 'crash',
  figures: [{ name: 'crash to the new process', unit: 'ms' }],
  rounds: 5,
  measure: measureCrashes,
};

async function measureCrashes(flavour: Flavour): Promise<readonly number[]> {
  const sandbox = new Sandbox();
  try {
    const fifo = sandbox.path('started');
    execFileSync('mkfifo', [fifo]);
    // Open for reading and writing, so that it never ends while a writer comes and goes.
    const fd = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
    const input = new Socket({ fd, readable: true, writable: false });
    const lines = createInterface({ input });
    const pids = lines[Symbol.asyncIterator]();
    const configFile = sandbox.write('s.conf', configuration(fifo));
    await startDaemon(sandbox, flavour, { configFile });
    let pid = Number((await pids.next()).value);
    const delays: number[] = [];
    for (let crash = 0; crash < crashesPerRound; crash += 1) {
      await runningFor(flavour);
      const killedAt = performance.now();
      process.kill(pid, 'SIGKILL');
      pid = Number((await pids.next()).value);
      delays.push(performance.now() - killedAt);
    }
    lines.close();
    input.destroy();
    return [median(delays)];
  } finally {
    await sandbox.close();
  }
}

/** Lets the daemon come to rest, at another point of its main loop each time. */
function runningFor(flavour: Flavour): Promise<void> {
  // A program that ran for less than a second is not back at once.
  const restMs = flavour.name === 'original' ? 1300 + Math.random() * 1000 : 1050;
  return new Promise((resolve) => {
    setTimeout(resolve, restMs);
  });
}

function configuration(fifo: string): string {
  return `[supervisord]
logfile=/dev/null
logfile_maxbytes=0
pidfile=%(here)s/s.pid

[program:crashing]
command=/bin/sh -c 'echo $$ > ${fifo}; exec sleep 1000'
startsecs=0
autorestart=true
stdout_logfile=NONE
stderr_logfile=NONE
`;
}
