/**
 * Which methods there are: every namespace with its methods, by full name.
 */
import { systemMethods } from './methods/system.ts';
import type { RpcMethod } from './method.ts';

/** The methods of one `[rpcinterface:x]` section, or of `system`. */
export interface RpcNamespace {
  readonly name: string;
  readonly methods: readonly RpcMethod[];
  /** Whether `system.listMethods` names it; unless given it does. */
  readonly isListed?: boolean;
}

/** The registry of a daemon: the given namespaces and `system`, which describes them all. */
export function makeRegistry(namespaces: readonly RpcNamespace[]): MethodRegistry {
  const registry: MethodRegistry = new MethodRegistry([
    ...namespaces,
    { name: 'system', methods: systemMethods(() => registry) },
  ]);
  return registry;
}

export class MethodRegistry {
  readonly #methods = new Map<string, RpcMethod>();
  readonly #hidden: ReadonlySet<string>;

  constructor(namespaces: readonly RpcNamespace[]) {
    this.#hidden = new Set(namespaces.filter(({ isListed = true }) => !isListed).map(({ name }) => name));
    for (const { name: namespace, methods } of namespaces) {
      for (const method of methods) {
        for (const name of [method.name, ...method.aliases]) {
          this.#methods.set(`${namespace}.${name}`, method);
        }
      }
    }
  }

  /** The method of a full name such as `supervisor.getState`, exactly so; aliases are names as well. */
  find(name: string): RpcMethod | null {
    return this.#methods.get(name) ?? null;
  }

  /** Full names of listed methods, aliases included, in alphabetical order. */
  names(): readonly string[] {
    const isListed = (name: string): boolean => !this.#hidden.has(name.slice(0, name.indexOf('.')));
    return [...this.#methods.keys()].filter(isListed).sort();
  }
}
