/** Reads a Dockerfile as far as those of the examples go: stages, and instructions with their texts. */

export interface Instruction {
  readonly name: string;
  /** What follows the name, with continued lines joined. */
  readonly text: string;
}

export interface Stage {
  /** After `AS`; null for one without. */
  readonly alias: string | null;
  readonly instructions: readonly Instruction[];
}

export function readDockerfile(text: string): readonly Stage[] {
  const stages: { alias: string | null; instructions: Instruction[] }[] = [];
  const lines = text.split('\n').filter((line) => !line.startsWith('#'));
  for (const line of lines
    .join('\n')
    .replace(/\\\n\s*/g, '')
    .split('\n')) {
    const [, name, rest = ''] = /^(\w+)\s+(.*)$/.exec(line.trim()) ?? [];
    if (name === 'FROM') {
      stages.push({ alias: /\sAS\s+(\S+)/i.exec(rest)?.[1] ?? null, instructions: [] });
    } else if (name !== undefined) {
      stages.at(-1)?.instructions.push({ name, text: rest });
    }
  }
  return stages;
}

/** The text of the last instruction of a name; an empty one where there is none. */
export function lastOf({ instructions }: Stage, name: string): string {
  return instructions.findLast((instruction) => instruction.name === name)?.text ?? '';
}
