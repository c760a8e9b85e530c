/** Reading a configuration: what `--dump-config` costs over a thousand programs, and whether it grows with their number. */
import { performance } from 'node:perf_hooks';

import type { Flavour } from '../test/helpers/flavours.ts';
import { runProgram } from '../test/helpers/run-program.ts';
import { Sandbox } from '../test/helpers/sandbox.ts';
import { type Benchmark, median } from './measure.ts';

const readsPerRound = 5;

/** The whole program, its start included: the original's has no way to read a configuration and stop there. */
export const configLoads: readonly Benchmark[] = [1000, 4000, 16_000].map((programs) => ({
  name: `reading ${programs}`,
  figures: [{ name: `reading ${programs} programs`, unit: 'ms' }],
  rounds: 3,
  measure: (flavour) => measureRead(flavour, programs),
}));

async function measureRead(flavour: Flavour, programs: number): Promise<readonly number[]> {
  const sandbox = new Sandbox();
  try {
    const configFile = sandbox.write('s.conf', configuration(programs));
    const times: number[] = [];
    for (let read = 0; read < readsPerRound; read += 1) {
      const startedAt = performance.now();
      const { code, stderr } = await readConfiguration(sandbox, flavour, configFile);
      times.push(performance.now() - startedAt);
      if (code !== 0) {
        throw new Error(`${flavour.name} cannot read the configuration: ${stderr}`);
      }
    }
    return [median(times)];
  } finally {
    await sandbox.close();
  }
}

function readConfiguration(
  sandbox: Sandbox,
  flavour: Flavour,
  configFile: string,
): ReturnType<typeof runProgram> {
  const options = { env: sandbox.env, cwd: sandbox.directory };
  if (flavour.name === 'ours') {
    return runProgram(flavour.supervisord, ['--check', '-c', configFile], options);
  }
  const script =
    'import sys; sys.argv = ["supervisord"]; from supervisor.options import ServerOptions; ' +
    `ServerOptions().realize(["-c", ${JSON.stringify(configFile)}])`;
  return runProgram('/usr/bin/python3', ['-c', script], options);
}

function configuration(programs: number): string {
  const sections = Array.from(
    { length: programs },
    (_, index) => `[program:p${index}]
command=/bin/sleep %(ENV_HOME)s
environment=A="1",B="%(program_name)s"
stdout_logfile=%(here)s/%(program_name)s.log
`,
  );
  return ['[supervisord]', 'nodaemon=true', ...sections].join('\n');
}
