/**
 * Tells everybody who looks on what happens. Each piece of news is put into words once, however many they are, and several
 * changes of one process within a tenth of a second become one. Nothing is done while nobody looks on.
 */
import type { Journal, JournalEntry } from '../../../journal/journal.ts';
import { supervisorStateCodes } from '../../../process/states.ts';
import { findProcessOrGroup } from '../../../rpc/find-processes.ts';
import { RpcFault } from '../../../rpc/faults.ts';
import type { SupervisorControl } from '../../../rpc/supervisor-control.ts';
import type { Measurement } from '../../../stats/statistics.ts';
import type { Clock, Timer } from '../../../system/clock.ts';
import { processView } from '../process-view.ts';
import { timelineEntry } from '../timeline-entry.ts';
import { eventText, idText } from './event-text.ts';

export interface HubHost {
  readonly control: SupervisorControl;
  readonly clock: Clock;
  readonly journal: Journal;
}

/** Somebody who looks on. */
export interface Onlooker {
  readonly wantsStatistics: boolean;
  send(text: string): void;
}

/** Milliseconds over which news are collected. */
const collectMs = 100;
const maxOnlookers = 100;

export class EventHub {
  readonly #host: HubHost;
  readonly #onlookers = new Set<Onlooker>();
  #news: JournalEntry[] = [];
  #timer: Timer | null = null;
  #endJournal: (() => void) | null = null;
  #endStatistics: (() => void) | null = null;

  constructor(host: HubHost) {
    this.#host = host;
  }

  get isFull(): boolean {
    return this.#onlookers.size >= maxOnlookers;
  }

  /** Everything from now on; returns what ends it. */
  add(onlooker: Onlooker): () => void {
    // What was collected before is not for him: he has just read, or is told by `since`.
    this.#flush();
    this.#onlookers.add(onlooker);
    this.#endJournal ??= this.#host.journal.subscribe((entry) => this.#collect(entry));
    this.#adjustStatistics();
    return () => {
      this.#onlookers.delete(onlooker);
      this.#adjustStatistics();
      if (this.#onlookers.size === 0) {
        this.#endJournal?.();
        this.#endJournal = null;
        this.#timer?.cancel();
        this.#timer = null;
        this.#news = [];
      }
    };
  }

  /** What somebody has to be told who was told everything up to an entry; `reset` when that is too long ago. */
  since(id: number): string {
    const news = this.#host.journal.since(id);
    return news === null
      ? idText(this.#host.journal.lastId) + eventText('reset', {})
      : this.#describe(news) + idText(this.#host.journal.lastId);
  }

  #collect(entry: JournalEntry): void {
    this.#news.push(entry);
    this.#timer ??= this.#host.clock.schedule(this.#host.clock.monotonicMs() + collectMs, () => {
      this.#timer = null;
      this.#flush();
    });
  }

  #flush(): void {
    this.#timer?.cancel();
    this.#timer = null;
    if (this.#news.length > 0) {
      const text = this.#describe(this.#news);
      this.#news = [];
      this.#send(text, () => true);
    }
  }

  #send(text: string, isFor: (onlooker: Onlooker) => boolean): void {
    for (const onlooker of Array.from(this.#onlookers)) {
      if (isFor(onlooker)) {
        onlooker.send(text);
      }
    }
  }

  /** The numbered entries come last: who has received one has received all that belongs to it. */
  #describe(news: readonly JournalEntry[]): string {
    const names = new Set(news.flatMap(namesIn));
    const processes = [...names].map((name) => this.#describeProcess(name));
    const { state } = this.#host.control;
    const daemon = news.some(({ kind }) => kind === 'daemon')
      ? [eventText('daemon', { state: { code: supervisorStateCodes[state], name: state } })]
      : [];
    const entries = news.map((entry) => eventText('timeline', timelineEntry(entry), entry.id));
    return [...processes, ...daemon, ...entries].join('');
  }

  #describeProcess(name: string): string {
    const { control, clock } = this.#host;
    try {
      const { group, process } = findProcessOrGroup(control, name);
      return process === null
        ? ''
        : eventText('process', processView(control, { group, process }, clock.wallMs()));
    } catch (error) {
      if (error instanceof RpcFault) {
        return eventText('removed', { name });
      }
      throw error;
    }
  }

  #adjustStatistics(): void {
    const isWanted = [...this.#onlookers].some(({ wantsStatistics }) => wantsStatistics);
    if (isWanted) {
      this.#endStatistics ??= this.#host.control.statistics.subscribe((measurement) =>
        this.#measured(measurement),
      );
    } else {
      this.#endStatistics?.();
      this.#endStatistics = null;
    }
  }

  #measured({ atMs, values }: Measurement): void {
    const pairs = [...values].map(([name, [, cpuPercent, memoryBytes]]) => [name, [cpuPercent, memoryBytes]]);
    const text = eventText('statistics', { atMs, values: Object.fromEntries(pairs) as unknown });
    this.#send(text, ({ wantsStatistics }) => wantsStatistics);
  }
}

function namesIn(entry: JournalEntry): readonly string[] {
  switch (entry.kind) {
    case 'state':
      return [entry.process];
    case 'group':
      return [...entry.processes, ...entry.gone];
    case 'action':
    case 'daemon':
      return [];
  }
}
