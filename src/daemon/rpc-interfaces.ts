/**
 * The interfaces of the API: the stock one, and those that `[rpcinterface:x]` plugins make in each life of the daemon.
 *
 * Source: Supervisor manual, "[rpcinterface:x] Section Settings"; B11.3.
 */
import type { PluginReference, PluginSettings } from '../config/settings.ts';
import type { EventBus } from '../events/bus.ts';
import { declaredEventTypes } from '../events/declared-types.ts';
import { eventTypeNamed, isEventType } from '../events/types.ts';
import { loadPlugin } from '../plugin/load.ts';
import type { EventTypes, PluginEvent, Supervisor as SupervisorFace } from '../plugin/plugin.ts';
import { type Caller, dispatch, type RpcHost } from '../rpc/dispatch.ts';
import { extensionNamespace } from '../rpc/methods/extensions.ts';
import { supervisorMethods } from '../rpc/methods/supervisor.ts';
import { PluginFault } from '../rpc/plugins/contain.ts';
import { namespaceOf } from '../rpc/plugins/namespace.ts';
import { makeRegistry, type RpcNamespace } from '../rpc/registry.ts';

export class RpcInterfaces {
  /** What answers calls, with the methods of all interfaces. */
  readonly rpc: RpcHost;
  readonly #bus: EventBus;
  readonly #log: RpcHost['log'];
  readonly #namespaces: RpcNamespace[] = [];
  readonly #problems: string[] = [];
  /** End what plugins have begun, in the order in which they did. */
  readonly #ends = new Set<() => void>();
  /** Of all plugins: one may hear of another's. */
  readonly #ownEventTypes: ReadonlySet<string>;
  /** What goes beyond the stock interface belongs to it. */
  #hasStock = false;

  /** Makes all of them; what goes wrong with one leaves it out. */
  constructor(sections: readonly PluginSettings[], host: Omit<RpcHost, 'registry'>, bus: EventBus) {
    this.#bus = bus;
    this.#log = (level, message) => host.log(level, message);
    this.#ownEventTypes = new Set(sections.flatMap(({ factory }) => Object.keys(typesDeclaredBy(factory))));
    for (const section of sections) {
      const problem = this.#make(section);
      if (problem !== null) {
        this.#problems.push(`Could not make ${section.name} rpc interface: ${problem}`);
      }
    }
    const own = this.#hasStock ? [extensionNamespace] : [];
    this.rpc = { ...host, log: this.#log, registry: makeRegistry([...own, ...this.#namespaces]) };
  }

  get namespaces(): readonly RpcNamespace[] {
    return this.#namespaces;
  }

  get problems(): readonly string[] {
    return this.#problems;
  }

  /** Ends what the plugins have begun. */
  close(): void {
    for (const end of [...this.#ends].toReversed()) {
      end();
    }
    this.#ends.clear();
  }

  /** Null, or why there is no such interface. */
  #make({ name, factory, options }: PluginSettings): string | null {
    const loaded = loadPlugin(factory.name, factory.directory);
    if (!loaded.ok) {
      return loaded.reason;
    }
    if (loaded.kind === 'stock') {
      this.#hasStock = true;
      this.#namespaces.push({ name, methods: supervisorMethods });
      return null;
    }
    try {
      const made = loaded.value(this.#faceFor(name, typesDeclaredBy(factory)), options);
      const outcome = namespaceOf(name, made, this.#log);
      if (!outcome.ok) {
        return `${factory.name}: ${outcome.reason}`;
      }
      this.#namespaces.push(outcome.namespace);
      this.#ends.add(outcome.close);
      return null;
    } catch (error) {
      return `${factory.name} threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    }
  }

  #faceFor(namespace: string, ownTypes: EventTypes): SupervisorFace {
    return {
      namespace,
      call: async (method, ...params) => {
        // From the end of the making on: before that nobody is answered.
        await Promise.resolve();
        const caller: Caller = { interface: 'plugin', user: namespace };
        const response = await dispatch(this.rpc, { method, params }, new AbortController().signal, caller);
        if (!response.ok) {
          throw new PluginFault(response.faultCode, response.faultString);
        }
        return response.value;
      },
      // A module of somebody else may hand over anything.
      log: (level, message: unknown) => this.#log(level, String(message)),
      onEvent: (type, listener) => this.#subscribe(type, listener),
      publish: (type, payload) => this.#publish(ownTypes, type, payload),
      fault: (code, text) => new PluginFault(code, text),
    };
  }

  #subscribe(type: string, listener: (event: PluginEvent) => void): () => void {
    const name = eventTypeNamed(type);
    if (!isEventType(name) && !this.#ownEventTypes.has(type)) {
      throw new Error(`cannot subscribe to ${type}: there is no such type of events`);
    }
    const unsubscribe = this.#bus.subscribe(name, (event) =>
      listener({ type: event.type, payload: event.payload }),
    );
    const end = (): void => {
      unsubscribe();
      this.#ends.delete(end);
    };
    this.#ends.add(end);
    return end;
  }

  #publish(ownTypes: EventTypes, type: string, payload: string): void {
    const row = Object.hasOwn(ownTypes, type) ? ownTypes[type] : undefined;
    const name = eventTypeNamed(type);
    const parent = row?.parent ?? 'EVENT';
    if (row === undefined || isEventType(name) || !isEventType(parent)) {
      throw new Error(`cannot publish ${type}: the module does not declare it in eventTypes`);
    }
    if (typeof payload !== 'string') {
      throw new TypeError(`cannot publish ${type}: its payload is no text`);
    }
    this.#bus.publish({ type: name, parent, payload });
  }
}

function typesDeclaredBy({ name, directory }: PluginReference): EventTypes {
  const loaded = loadPlugin(name, directory);
  const declared = declaredEventTypes(loaded.ok && loaded.kind === 'module' ? loaded.module : {});
  return declared.ok ? declared.eventTypes : {};
}
