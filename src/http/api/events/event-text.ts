/**
 * Events as they stand in the stream.
 *
 * Source: HTML Living Standard, "Server-sent events". JSON has no line ends of its own, so no data can become a line
 * of the protocol.
 */

/** One event; `id` is where a client goes on after it. */
export function eventText(event: string, data: unknown, id?: number): string {
  return `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;
}

/** Only tells where to go on, without an event. */
export function idText(id: number): string {
  return `id: ${id}\n\n`;
}
