/**
 * Who hears of which events.
 *
 * Delivery is synchronous and in the order of subscription. A subscriber that throws is reported and harms
 * neither the others nor the publisher. One that subscribes to two types, both of which an event is of, is called
 * twice for it.
 */
import {
  isOfType,
  type ConcreteEventType,
  type EventKind,
  type EventTypeName,
  type OwnEventType,
  type SupervisorEvent,
} from './types.ts';

export type EventListener = (event: SupervisorEvent) => void;

/** Told of what a subscriber threw. */
export type ListenerErrorReporter = (error: unknown, event: SupervisorEvent) => void;

interface Subscription {
  readonly type: EventTypeName | OwnEventType;
  readonly listener: EventListener;
  active: boolean;
}

export class EventBus {
  readonly #reportError: ListenerErrorReporter;
  #subscriptions: readonly Subscription[] = [];
  /** Subscriptions that concern a type, found out at its first event. */
  readonly #byType = new Map<EventKind['type'], readonly Subscription[]>();
  readonly #watchers = new Set<() => void>();

  constructor(reportError: ListenerErrorReporter) {
    this.#reportError = reportError;
  }

  /** Subscribes to a type and all below it; returns the function that ends it, which may be called twice. */
  subscribe(type: EventTypeName | OwnEventType, listener: EventListener): () => void {
    const subscription: Subscription = { type, listener, active: true };
    this.#replace([...this.#subscriptions, subscription]);
    return () => {
      if (subscription.active) {
        subscription.active = false;
        this.#replace(this.#subscriptions.filter((other) => other !== subscription));
      }
    };
  }

  /** Calls every subscriber that is concerned; one that was ended meanwhile is not called any more. */
  publish(event: SupervisorEvent): void {
    for (const subscription of this.#concerned(event)) {
      if (subscription.active) {
        this.#deliver(subscription.listener, event);
      }
    }
  }

  /** Whether an event of this type would be heard, so that nobody builds a costly one in vain. */
  hasSubscribers(type: ConcreteEventType): boolean {
    return this.#concerned({ type }).length > 0;
  }

  /**
   * Calls `watcher` after every change of the subscriptions, so that a source of events can rest while nobody
   * listens; returns the function that ends it.
   */
  watchSubscriptions(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
    };
  }

  #deliver(listener: EventListener, event: SupervisorEvent): void {
    try {
      listener(event);
    } catch (error) {
      this.#reportError(error, event);
    }
  }

  #concerned(kind: EventKind): readonly Subscription[] {
    let concerned = this.#byType.get(kind.type);
    if (concerned === undefined) {
      concerned = this.#subscriptions.filter((subscription) => isOfType(kind, subscription.type));
      this.#byType.set(kind.type, concerned);
    }
    return concerned;
  }

  #replace(subscriptions: readonly Subscription[]): void {
    this.#subscriptions = subscriptions;
    this.#byType.clear();
    for (const watcher of this.#watchers) {
      watcher();
    }
  }
}
