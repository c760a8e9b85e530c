/** Reads an `[eventlistener:x]` section (B10). */
import { eventTypes, isEventType } from '../../events/types.ts';
import { listenerOptions as rows } from '../options/grouping.ts';
import { programOptions } from '../options/program.ts';
import { list } from '../options/words.ts';
import type { GroupSettings } from '../settings.ts';
import { closest } from '../suggestion.ts';
import type { LoadContext, SectionReader } from './context.ts';
import { groupReader } from './groups.ts';
import { checkPlugin, pluginReference } from './plugins.ts';
import { readProcesses } from './programs.ts';

/** `ownEventTypes`: those that plugins declare; null: any might be. */
export function readListenerPool(
  context: LoadContext,
  section: string,
  ownEventTypes: readonly string[] | null,
): GroupSettings {
  const reader = groupReader(context, section);
  // Compat: the name of a pool is checked only as that of its program.
  const name = section.slice(section.indexOf(':') + 1);
  const priority = reader.read('priority', rows.priority);
  const bufferSize = reader.read('buffer_size', rows.buffer_size);
  if (bufferSize < 1) {
    reader.error(`[${section}] section sets invalid buffer_size (${String(bufferSize)})`, {
      option: 'buffer_size',
      expected: 'at least 1',
    });
  }
  const resultHandler = reader.read('result_handler', rows.result_handler);
  const judge = pluginReference(reader, 'result_handler', resultHandler);
  checkPlugin(reader, 'result_handler', judge);
  const lengthInBytes = reader.read('length_in_bytes', rows.length_in_bytes);
  const events = readEvents(reader, ownEventTypes);
  if (reader.read('redirect_stderr', programOptions.redirect_stderr)) {
    reader.error(
      `[${section}] section sets redirect_stderr=true but this is not allowed because it will interfere with the eventlistener protocol`,
      { option: 'redirect_stderr', expected: 'false' },
    );
  }
  const processes = readProcesses(context, section, name, 'eventlistener');
  return context.made<GroupSettings>(
    {
      kind: 'eventlistener',
      name,
      priority,
      processes,
      bufferSize,
      events,
      resultHandler: judge,
      lengthInBytes,
    },
    section,
  );
}

/** B10.1: upper case, each once. */
function readEvents(reader: SectionReader, ownTypes: readonly string[] | null): readonly string[] {
  const option = 'events';
  const { section, context } = reader;
  const text = reader.read(option, rows.events) ?? '';
  const written = list.parse(text, context.world);
  const events = written.ok ? [...new Set(written.value.map((name) => name.toUpperCase()))] : [];
  if (events.length === 0) {
    reader.error(`[${section}] section requires an "events" line`, { option });
  }
  const isKnown = (event: string): boolean =>
    isEventType(event) || ownTypes === null || ownTypes.includes(event);
  const unknown = events.filter((event) => !isKnown(event));
  for (const event of unknown) {
    const meant = closest(event, [...Object.keys(eventTypes), ...(ownTypes ?? [])]);
    reader.error(`Unknown event type ${event} in [${section}] events`, {
      option,
      expected: meant === null ? 'names of event types' : `names of event types, such as ${meant}`,
    });
  }
  return events;
}
