/**
 * Descriptors that connections leave to others. The kernel gives out the lowest number that is free, so the number of a new
 * connection tells how many are in use.
 */
const mostReserved = 128;

/**
 * The number from which on a connection is refused when there may be `limit` descriptors: what is left after it belongs to the
 * spawning of programs and, as far as it is not a connection to a socket file, to those.
 */
export function maxDescriptorOf(family: 'inet' | 'unix', limit: number): number {
  const reserved = Math.min(mostReserved, Math.max(16, Math.floor(limit / 8)));
  return limit - (family === 'inet' ? reserved : Math.floor(reserved / 4));
}
