/**
 * A pool of event listeners: keeps the events it subscribes to until a listener takes them.
 *
 * Events wait in one buffer, oldest first. A listener is given one at a time, and the first in order that is READY gets
 * it; what it rejects, or does not finish before it ends, goes back to the head. Where the buffer is full the oldest is
 * given up. Offering is put off to the end of the work in which something happened, so that an event that is
 * returned goes before those that came of the same cause.
 * Source: Supervisor manual, "Event Listeners and Event Notifications"; observed, B20.12 to B20.14.
 */
import type { LogLevel } from '../config/settings.ts';
import type { LogMessage } from '../logging/log-text.ts';
import type { EventBus } from './bus.ts';
import { encodeEvent } from './envelope.ts';
import {
  eventSent,
  hear,
  initialListener,
  type ListenerEffect,
  type ListenerRecord,
  type ListenerState,
  type Verdict,
} from './listener-protocol.ts';
import { eventText } from './payloads.ts';
import { EventSerials } from './serials.ts';
import type { EventTypeName, OwnEventType, SupervisorEvent } from './types.ts';

/** A process of the pool. */
export interface PoolListener {
  readonly name: string;
  isRunning(): boolean;
  /** Only `ok` is sent. `closed`: it does not read any more; `full`: too much waits for it already. */
  write(bytes: Uint8Array): 'ok' | 'closed' | 'full';
}

/** Judges the body of the answer to an event. */
export type EventJudge = (event: SupervisorEvent, body: Buffer) => Verdict;

export interface PoolOptions {
  readonly name: string;
  /** `identifier` of the daemon. */
  readonly server: string;
  readonly events: readonly (EventTypeName | OwnEventType)[];
  /** How many events wait at most. */
  readonly bufferSize: number;
  readonly judge: EventJudge;
  /** Events tell their length in bytes instead of characters. */
  readonly lengthInBytes: boolean;
}

export interface PoolHost {
  readonly bus: EventBus;
  /** Shared by all pools. */
  readonly serials: EventSerials;
  log(level: LogLevel, message: LogMessage): void;
  /** Calls `work` after what is being worked on, before anything else comes in. */
  defer(work: () => void): void;
}

interface Member {
  readonly listener: PoolListener;
  record: ListenerRecord;
  /** Of a BUSY listener. */
  event: SupervisorEvent | null;
}

export class ListenerPool {
  readonly #host: PoolHost;
  readonly #serials = new EventSerials();
  #options: PoolOptions;
  #members: ReadonlyMap<string, Member>;
  #unsubscribe: readonly (() => void)[];
  readonly #buffer: SupervisorEvent[] = [];
  readonly #awaiting: (() => void)[] = [];
  #isOffering = false;
  #closed = false;

  /** Subscribes at once. `listeners`: in the order in which they are offered events. */
  constructor(options: PoolOptions, listeners: readonly PoolListener[], host: PoolHost) {
    this.#options = options;
    this.#host = host;
    this.#members = new Map(
      listeners.map((listener) => [listener.name, { listener, record: initialListener, event: null }]),
    );
    this.#unsubscribe = this.#subscribe();
  }

  /**
   * Goes on with other options and listeners: what waits goes on waiting, as far as the buffer holds it, and a listener that
   * stays goes on with what it has.
   */
  configure(options: PoolOptions, listeners: readonly PoolListener[]): void {
    const before = this.#options;
    const former = this.#members;
    this.#options = options;
    this.#members = new Map(
      listeners.map((listener) => {
        const { record, event } = former.get(listener.name) ?? { record: initialListener, event: null };
        return [listener.name, { listener, record, event }];
      }),
    );
    if (options.events.join() !== before.events.join()) {
      this.#endSubscriptions();
      this.#unsubscribe = this.#subscribe();
    }
    while (this.#buffer.length > options.bufferSize) {
      this.#discardOldest();
    }
    this.#offerSoon();
  }

  /** What the protocol says of a listener; null: none of that name. */
  stateOf(name: string): ListenerState | null {
    return this.#members.get(name)?.record.state ?? null;
  }

  /** A child of that listener is about to be started. */
  started(name: string): void {
    const member = this.#members.get(name);
    if (member !== undefined) {
      this.#returnEvent(member);
      member.record = initialListener;
    }
  }

  /** A listener can receive events from now on. */
  running(): void {
    this.#offerSoon();
  }

  /** The child of that listener has ended; all it wrote was heard. */
  ended(name: string): void {
    const member = this.#members.get(name);
    if (member !== undefined) {
      this.#returnEvent(member);
    }
    this.#tellQuiet();
  }

  /** Takes what a listener has written to its stdout; `data` is valid during the call only. */
  heard(name: string, data: Uint8Array): void {
    const member = this.#members.get(name);
    if (member === undefined) {
      return;
    }
    const { record, effects } = hear(member.record, data, (body) => this.#judge(member, body));
    member.record = record;
    for (const effect of effects) {
      this.#perform(member, effect);
    }
    this.#offerSoon();
    this.#tellQuiet();
  }

  /** Calls `done` once, as soon as nothing waits and no listener is at work, or none is there that could be. */
  whenQuiet(done: () => void): void {
    this.#awaiting.push(done);
    this.#tellQuiet();
  }

  /** Ends the subscriptions; what waits is forgotten. */
  close(): void {
    this.#closed = true;
    this.#buffer.length = 0;
    this.#endSubscriptions();
  }

  #subscribe(): readonly (() => void)[] {
    return this.#options.events.map((type) => this.#host.bus.subscribe(type, (event) => this.#accept(event)));
  }

  #endSubscriptions(): void {
    for (const end of this.#unsubscribe) {
      end();
    }
  }

  #tellQuiet(): void {
    const able = [...this.#members.values()].filter(
      ({ listener, record }) => listener.isRunning() && record.state !== 'UNKNOWN',
    );
    const isAtWork = this.#buffer.length > 0 || able.some(({ event }) => event !== null);
    if (able.length === 0 || !isAtWork) {
      for (const done of this.#awaiting.splice(0)) {
        done();
      }
    }
  }

  #accept(event: SupervisorEvent): void {
    this.#store(event, 'tail');
    this.#offerSoon();
  }

  /** The event of a listener that did not finish it. */
  #returnEvent(member: Member): void {
    const { event } = member;
    member.event = null;
    if (event !== null) {
      this.#store(event, 'head');
      this.#offerSoon();
    }
  }

  #store(event: SupervisorEvent, place: 'head' | 'tail'): void {
    const { name, bufferSize } = this.#options;
    const serial = this.#host.serials.of(event);
    if (this.#serials.has(event)) {
      const size = `(buf size=${this.#buffer.length}, max=${bufferSize})`;
      this.#host.log('debug', `rebuffering event ${serial} for pool ${name} ${size}`);
    }
    // Numbered now, since what is given up takes a number as well.
    this.#serials.of(event);
    if (this.#buffer.length >= bufferSize) {
      this.#discardOldest();
    }
    if (place === 'head') {
      this.#buffer.unshift(event);
    } else {
      this.#buffer.push(event);
    }
  }

  #discardOldest(): void {
    const discarded = this.#buffer.shift();
    if (discarded !== undefined) {
      const serial = this.#host.serials.of(discarded);
      this.#host.log(
        'error',
        `pool ${this.#options.name} event buffer overflowed, discarding event ${serial}`,
      );
    }
  }

  #offerSoon(): void {
    if (!this.#isOffering && this.#buffer.length > 0 && !this.#closed) {
      this.#isOffering = true;
      this.#host.defer(() => {
        this.#isOffering = false;
        this.#offer();
      });
    }
  }

  #offer(): void {
    while (this.#ready().length > 0) {
      const event = this.#buffer.shift();
      if (event === undefined) {
        return;
      }
      if (!this.#send(event)) {
        this.#store(event, 'head');
        return;
      }
    }
  }

  #ready(): readonly Member[] {
    return [...this.#members.values()].filter(
      ({ listener, record }) => record.state === 'READY' && listener.isRunning(),
    );
  }

  /** False when nobody took it. */
  #send(event: SupervisorEvent): boolean {
    const { name: pool, server, lengthInBytes } = this.#options;
    const serial = this.#host.serials.of(event);
    const poolSerial = this.#serials.of(event);
    const bytes = encodeEvent(event, { server, pool, serial, poolSerial, lengthInBytes });
    for (const member of this.#ready()) {
      const { name } = member.listener;
      if (member.listener.write(bytes) === 'ok') {
        member.record = eventSent(member.record);
        member.event = event;
        this.#host.log('debug', `event ${serial} sent to listener ${name}`);
        return true;
      }
      this.#host.log(
        'debug',
        `epipe occurred while sending event ${serial} to listener ${name}, listener state unchanged`,
      );
    }
    return false;
  }

  /** Only a listener that has been given an event is heard an answer of. */
  #judge({ event }: Member, body: Buffer): Verdict {
    return event === null ? 'failed' : this.#options.judge(event, body);
  }

  #perform(member: Member, effect: ListenerEffect): void {
    const { name } = member.listener;
    switch (effect.type) {
      case 'bad-line':
        this.#host.log('warn', `${name}: bad result line: '${eventText(effect.line)}'`);
        break;
      case 'judged': {
        const [level, what] = verdictLines[effect.verdict];
        this.#host.log(level, `${name}: ${what}`);
        break;
      }
      case 'changed':
        this.#host.log('debug', `${name}: ${effect.from} -> ${effect.to}`);
        if (effect.to === 'UNKNOWN') {
          this.#host.log('warn', `${name}: ${unknownExplained}`);
        }
        break;
      case 'settled':
        if (effect.event === 'returned') {
          this.#returnEvent(member);
        } else {
          member.event = null;
        }
        break;
    }
  }
}

const verdictLines = {
  accepted: ['debug', 'event was processed'],
  rejected: ['warn', 'event was rejected'],
  failed: ['warn', 'event caused an error'],
} as const;

const unknownExplained =
  'has entered the UNKNOWN state and will no longer receive events, ' +
  'this usually indicates the process violated the eventlistener protocol';
