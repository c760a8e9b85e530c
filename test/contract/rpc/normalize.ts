/** Answers made comparable: what differs from run to run, or by decision, is taken out. */
import type { PythonAnswer } from './ask-python.ts';

/** Members that differ by when and where it ran; what matters is whether they are zero. */
const volatileNumbers: ReadonlySet<string> = new Set(['start', 'stop', 'now', 'pid']);

/** What the answers of both daemons have in common if they are alike. */
export function normalizeAnswer(answer: PythonAnswer, directory: string): unknown {
  return normalize(answer, directory);
}

function normalize(value: unknown, directory: string): unknown {
  if (typeof value === 'string') {
    return value
      .replaceAll(directory, 'DIR')
      .replaceAll(/^pid \d+, uptime 0:00:\d\d$/g, 'pid N, uptime T')
      .replaceAll(/^[A-Z][a-z]{2} \d\d \d\d:\d\d [AP]M$/g, 'DATE')
      .replaceAll(/---supervisor-\w+\.log$/g, '---supervisor-RANDOM.log');
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => normalize(item, directory));
    return items.every(isOutcome) ? items.toSorted(compareOutcomes) : items;
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        // `autorestart` is of the development branch.
        .filter(([name]) => name !== 'autorestart')
        .map(([name, member]) => [
          name,
          volatileNumbers.has(name) && typeof member === 'number' ? member > 0 : normalize(member, directory),
        ]),
    );
  }
  return value;
}

interface Outcome {
  readonly name: string;
  readonly group: string;
  readonly status: number;
}

/** What methods answer for each of several processes; their order depends on who ends first. */
function isOutcome(value: unknown): value is Outcome {
  return typeof value === 'object' && value !== null && 'status' in value && 'description' in value;
}

function compareOutcomes(a: Outcome, b: Outcome): number {
  return `${a.group}:${a.name}` < `${b.group}:${b.name}` ? -1 : 1;
}
