import type { JournalEntry } from '../../journal/journal.ts';
import type { TimelineEntry } from './schemas.ts';

/** An entry of the journal as the JSON API shows it. */
export function timelineEntry(entry: JournalEntry): TimelineEntry {
  const cause = 'cause' in entry ? entry.cause : null;
  return {
    id: entry.id,
    atMs: entry.atMs,
    kind: entry.kind,
    process: 'process' in entry ? entry.process : null,
    text: entry.text,
    from: entry.kind === 'state' ? entry.from : null,
    to: entry.kind === 'state' ? entry.to : null,
    interface: cause?.interface ?? null,
    user: cause?.user ?? null,
  };
}
