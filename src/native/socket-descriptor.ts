import type { Socket } from 'node:net';

/**
 * The number of a connection's descriptor, to look at and not to use: it belongs to Node, which keeps it but does not promise
 * to. Null: not known.
 */
export function descriptorOf(
  socket: Socket & { readonly _handle?: { readonly fd?: unknown } | null },
): number | null {
  const fd = socket._handle?.fd;
  return typeof fd === 'number' && fd >= 0 ? fd : null;
}
