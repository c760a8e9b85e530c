/**
 * Writing an event listener: a program that `[eventlistener:x]` runs and tells of events. `supervisord-ts/listener` is this
 * file.
 *
 *     import { listen } from 'supervisord-ts/listener';
 *
 *     await listen(async (event) => {
 *       console.log(event.name, event.fields.processname); // to stderr: stdout belongs to the protocol
 *     });
 */
import { Console } from 'node:console';
import { setTimeout as delay } from 'node:timers/promises';
import type { ListenerEvent } from './event.ts';
import { eventsOf } from './frames.ts';

export type { EventName, ListenerEvent } from './event.ts';

/**
 * Works on one event. The next one comes when it is done. To return `FAIL`, or to throw, has the event delivered again, to
 * any listener of the pool.
 */
export type EventHandler = (event: ListenerEvent) => void | Answer | Promise<void | Answer>;

export type Answer = 'OK' | 'FAIL';

export interface ListenOptions {
  /** Where events come from; stdin without it. */
  readonly input?: AsyncIterable<Uint8Array | string>;
  /** Where answers go; stdout without it. */
  readonly output?: { write(text: string): unknown };
  /** Whether the pool has `length_in_bytes`. */
  readonly lengthInBytes?: boolean;
  /**
   * Milliseconds before the answer after a failure. The event comes back at once, so that without a pause a service
   * that is down would be asked without end. 1000 without it.
   */
  readonly failurePauseMs?: number;
  /** Told what a handler threw; printed on stderr without it. */
  readonly onError?: (error: unknown, event: ListenerEvent) => void;
}

/**
 * Hears events until the daemon ends the listener, or its stdin is closed: then it resolves.
 *
 * While it uses stdout for answers, `console` prints on stderr: one stray line on stdout, and the daemon sends no more
 * events. Rejects when what it is sent is no event.
 */
export async function listen(handler: EventHandler, options: ListenOptions = {}): Promise<void> {
  const { input = process.stdin, output = process.stdout, failurePauseMs = 1000, lengthInBytes } = options;
  if (output === process.stdout) {
    globalThis.console = new Console(process.stderr, process.stderr);
  }
  const say = (text: string): void => void output.write(text);
  say('READY\n');
  for await (const event of eventsOf(input, lengthInBytes)) {
    const answer = await answerTo(event, handler, options);
    if (answer === 'FAIL') {
      await delay(failurePauseMs);
    }
    say(`RESULT ${answer.length}\n${answer}`);
    say('READY\n');
  }
}

async function answerTo(
  event: ListenerEvent,
  handler: EventHandler,
  { onError = printError }: ListenOptions,
): Promise<Answer> {
  try {
    return (await handler(event)) === 'FAIL' ? 'FAIL' : 'OK';
  } catch (error) {
    onError(error, event);
    return 'FAIL';
  }
}

function printError(error: unknown, { name, serial }: ListenerEvent): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`event ${serial} (${name}) failed: ${text}\n`);
}
