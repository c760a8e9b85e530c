/** One boot: fifty programs that speak at once, calls from the first moment, an end, and a look at every log. */
import { writeConfig } from '../config.ts';
import { ours } from '../flavours.ts';
import { contentOfLog } from '../log-files.ts';
import { type RunningProgram, startProgram } from '../run-program.ts';
import { Sandbox } from '../sandbox.ts';
import { waitFor } from '../wait.ts';
import { type Boot, callAtRandom, saidBy } from './calls.ts';
import { judgeLog, type Source } from './judge.ts';
import { bootPrograms, bootSections, type Stream } from './programs.ts';
import { randomNumbers } from './random.ts';

const callers = 4;
const callsEach = 12;

const streams: readonly Stream[] = ['out', 'err'];

/** What was wrong with the boot of this number, as sentences; the same number makes the same calls. */
export async function boot(number: number): Promise<readonly string[]> {
  const sandbox = new Sandbox();
  const problems: string[] = [];
  try {
    await bootIn(sandbox, number, problems);
  } catch (error) {
    problems.push(String(error));
  } finally {
    await sandbox.close().catch((error: unknown) => problems.push(String(error)));
  }
  return problems.map((problem) => `boot ${number}: ${problem}`);
}

async function bootIn(sandbox: Sandbox, number: number, problems: string[]): Promise<void> {
  const { configFile, api } = writeConfig(sandbox, bootSections(sandbox));
  const program = startProgram(ours.supervisord, ['-n', '-s', '-c', configFile], {
    env: sandbox.env,
    cwd: sandbox.directory,
  });
  sandbox.adopt(program.pid);
  const ending = new AbortController();
  void program.ended.then(() => ending.abort());
  const boot: Boot = {
    sandbox,
    api,
    pid: program.pid,
    ended: ending.signal,
    random: randomNumbers(number),
    cleared: new Map(),
    problems,
  };
  await Promise.all(Array.from({ length: callers }, () => callAtRandom(boot, callsEach)));
  // Every other daemon is ended in the middle of it all.
  if (number % 2 === 0) {
    await waitFor('programs to speak', () => saidOften(sandbox, 1) >= 40 && saidOften(sandbox, 2) >= 5);
  }
  await end(program, boot);
  problems.push(...judgeAll(boot));
}

/** How many programs have begun so many runs; those that a call has stopped may never. */
function saidOften(sandbox: Sandbox, runs: number): number {
  return bootPrograms.filter((one) => saidBy(sandbox, one) > (runs - 1) * one.lines).length;
}

async function end(program: RunningProgram, { sandbox, problems }: Boot): Promise<void> {
  program.kill('SIGTERM');
  const { code, signal } = await program.ended;
  if (code !== 0) {
    problems.push(`the daemon ended with ${code ?? signal}`);
  }
  const said = `${program.stdout.text}${program.stderr.text}`;
  if (said !== '') {
    problems.push(`the daemon said: ${said.slice(0, 1000)}`);
  }
  const worries = sandbox
    .read('supervisord.log')
    .match(/^.* (?:CRIT (?!Supervisor is running as root|Server )|ERRO ).*$/gm);
  problems.push(...(worries ?? []));
}

function judgeAll({ sandbox, cleared }: Boot): readonly string[] {
  const sources = new Map<string, Source[]>();
  for (const program of bootPrograms) {
    for (const stream of streams) {
      const log = program.logs[stream];
      const said = saidBy(sandbox, program);
      const source = { program: program.name, stream, said, cleared: cleared.get(program) ?? 0 };
      sources.set(log, [...(sources.get(log) ?? []), source]);
    }
  }
  return [...sources].flatMap(([log, ofLog]) => judgeLog(log, contentOfLog(sandbox.directory, log), ofLog));
}
