/** What happened, newest first, and what of it happened while nobody looked. */
import { computed, signal } from '@preact/signals';
import { apiUrl, getJson } from '../stream/api.ts';
import type { TimelineEntry } from '../stream/wire.ts';
import { summariseSince } from '../model/away.ts';
import { nowMs } from './clock.ts';
import { listenToTimeline, whenOpen } from './daemon.ts';
import { lookedAtMs } from './preferences.ts';

const mostEntries = 1000;
/** A glance at another window is not being away. */
const awayAfterMs = 60_000;

export const timeline = signal<readonly TimelineEntry[]>([]);
/** When the reader was last here, while that is worth a word; null: nothing to catch up with. */
export const awaySinceMs = signal<number | null>(null);

export const away = computed(() =>
  awaySinceMs.value === null ? null : summariseSince(timeline.value, awaySinceMs.value),
);

export function startTimeline(): void {
  listenToTimeline((entry) => {
    timeline.value = [entry, ...timeline.value.filter(({ id }) => id !== entry.id)].slice(0, mostEntries);
  });
  whenOpen(() => void readTimeline());
  noteReturn();
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') {
      noteReturn();
    } else {
      noteLook();
    }
  });
  addEventListener('pagehide', noteLook);
  // A browser that is killed says nothing.
  setInterval(() => {
    if (document.visibilityState === 'visible' && awaySinceMs.peek() === null) {
      noteLook();
    }
  }, awayAfterMs);
}

/** All that was shown has been seen. */
export function caughtUp(): void {
  awaySinceMs.value = null;
  noteLook();
}

async function readTimeline(): Promise<void> {
  try {
    const { entries } = await getJson<{ readonly entries: readonly TimelineEntry[] }>(
      apiUrl(['timeline'], { limit: mostEntries }),
    );
    timeline.value = entries.toSorted((a, b) => b.id - a.id);
  } catch {
    // It is read again with the next connection; meanwhile the page says that there is none.
  }
}

function noteLook(): void {
  lookedAtMs.value = nowMs.peek();
}

function noteReturn(): void {
  const last = lookedAtMs.peek();
  if (last > 0 && Date.now() - last > awayAfterMs && awaySinceMs.peek() === null) {
    awaySinceMs.value = last;
  }
}
