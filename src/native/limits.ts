import type { Binding, LimitedResource, NativeLimit } from './binding.ts';
import { failureOf } from './errno.ts';

/** Reading and setting resource limits of this process; `Infinity` is no limit. */
export interface LimitCalls {
  get(resource: LimitedResource): NativeLimit;
  /** Null, or the errno's name. */
  set(resource: LimitedResource, limit: NativeLimit): string | null;
}

/** The addon's limit calls with errno names instead of numbers. */
export function limitCalls(binding: Binding): LimitCalls {
  return {
    get: (resource) => binding.getRlimit(resource),
    set: (resource, limit) => failureOf(binding.setRlimit(resource, limit.soft, limit.hard)),
  };
}
