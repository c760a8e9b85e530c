/**
 * Every pair of control program and daemon, each on a daemon of its own, going through the same commands.
 *
 * What the original says to the original is the reference; the three other pairs have to say the same.
 */
import { expect } from 'vitest';

import { flavours, original, ours } from '../../helpers/flavours.ts';
import type { Flavour } from '../../helpers/flavours.ts';
import type { ProgramResult } from '../../helpers/run-program.ts';
import { Bench } from './bench.ts';

/** A command to run, or something to do in between. */
export type Step = string | ((bench: Bench) => unknown);

/** One command and what came of it, with output lines in order of the alphabet if their own is up to chance. */
type Said = readonly [command: string, result: ProgramResult];

interface Pair {
  readonly ctl: Flavour;
  readonly daemon: Flavour;
}

const pairs: readonly Pair[] = flavours.flatMap((daemon) => flavours.map((ctl) => ({ ctl, daemon })));

export interface Story {
  readonly programs: string;
  /** Options before each command. */
  readonly options?: readonly string[];
  readonly steps: readonly Step[];
  /** Commands that act on several processes at once tell of them in the order in which they get there. */
  readonly isUnordered?: (command: string) => boolean;
}

/** Why pairs cannot be compared here, or null when they can. */
export const reasonAgainstPairs: string | null =
  original.supervisordMissing ?? ours.supervisordMissing ?? ours.supervisorctlMissing;

/** Lets every pair go through the story, expects them to agree, and returns what was said, by command. */
export async function expectAgreement(story: Story): Promise<ReadonlyMap<string, ProgramResult>> {
  const [reference = [], ...others] = await Promise.all(pairs.map((pair) => tell(pair, story)));
  for (const [index, said] of others.entries()) {
    const { ctl, daemon } = pairs[index + 1] ?? { ctl: ours, daemon: ours };
    expect(said, `${ctl.name} supervisorctl on ${daemon.name} supervisord`).toEqual(reference);
  }
  return new Map(reference);
}

async function tell({ ctl, daemon }: Pair, story: Story): Promise<readonly Said[]> {
  const bench = await Bench.start(daemon, story.programs);
  const said: Said[] = [];
  try {
    for (const step of story.steps) {
      if (typeof step === 'string') {
        const result = await bench.run(ctl, [...(story.options ?? []), ...step.split(' ')]);
        said.push([step, story.isUnordered?.(step) === true ? sortLines(result) : result]);
      } else {
        await step(bench);
      }
    }
  } finally {
    await bench.close();
  }
  return said;
}

function sortLines(result: ProgramResult): ProgramResult {
  return { ...result, stdout: result.stdout.split('\n').toSorted().join('\n') };
}
