/**
 * Lines of many logs under each other: `web:web_0 | text`, and `web:web_0 ! text` for stderr.
 */
import type { Paint, Tone } from '../look.ts';
import { padText } from './padding.ts';

const tones: readonly Tone[] = ['cyan', 'yellow', 'green', 'magenta', 'blue'];

/** What stands in front of the lines of each process, in one width; a color for each process where there are any. */
export function logPrefixes(
  names: readonly string[],
  paint: Paint,
): (name: string, channel: 'stdout' | 'stderr') => string {
  const width = Math.max(0, ...names.map((name) => Array.from(name).length));
  const toneOf = new Map(names.map((name, index) => [name, tones[index % tones.length] ?? 'cyan']));
  return (name, channel) => {
    const shown = paint(toneOf.get(name) ?? 'cyan', padText(name, width));
    return `${shown} ${channel === 'stdout' ? '|' : paint('red', '!')} `;
  };
}
