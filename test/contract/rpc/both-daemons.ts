/** The same calls on the original and on ours, made by Python's own client. */
import { writeConfig } from '../../helpers/config.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { original, ours, type Flavour } from '../../helpers/flavours.ts';
import { Sandbox } from '../../helpers/sandbox.ts';
import { askPython, type PythonAnswer } from './ask-python.ts';
import type { Call } from './calls.ts';

export interface Job {
  readonly programs: string;
  /** What the daemon logs when the calls may begin. */
  readonly ready: RegExp;
  readonly calls: readonly Call[];
  /** A program holds up the end of the daemon, which is killed after the calls. */
  readonly isHeldUp?: boolean;
  /** An answer without what differs from run to run, or by decision. */
  readonly normalize: (answer: PythonAnswer, directory: string, call: Call) => unknown;
}

/** One call with its answers. */
export interface Answered {
  readonly call: Call;
  readonly original: unknown;
  readonly ours: unknown;
}

/** Why this cannot be compared here, or null when it can. */
export const reasonAgainst: string | null = original.supervisordMissing ?? ours.supervisordMissing;

/** Makes the calls on both daemons, which the last one ends. */
export async function askBoth(job: Job): Promise<readonly Answered[]> {
  const [fromOriginal, fromOurs] = await Promise.all([tell(original, job), tell(ours, job)]);
  return job.calls.map((call, index) => ({ call, original: fromOriginal[index], ours: fromOurs[index] }));
}

async function tell(
  flavour: Flavour,
  { programs, ready, calls, normalize, isHeldUp = false }: Job,
): Promise<readonly unknown[]> {
  const sandbox = new Sandbox();
  try {
    const config = writeConfig(sandbox, programs);
    const daemon = await startDaemon(sandbox, flavour, config);
    await daemon.output.match(ready);
    const answers = await askPython(sandbox, config.api.socketPath, calls);
    if (isHeldUp) {
      sandbox.killSurvivors();
    }
    await daemon.ended;
    return answers.map((answer, index) => normalize(answer, sandbox.directory, calls[index] ?? ['']));
  } finally {
    await sandbox.close();
  }
}
