import type { Binding } from './binding.ts';
import { errnoName, failureOf } from './errno.ts';

/** Facility "user" and priority "info", as the original's messages have. */
const userInfo = 8 + 6;

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** What a send answers when the receiver went away since we connected. */
const lostErrnos = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTCONN', 'EPIPE', 'EBADF']);

/**
 * What libc's `syslog()` puts in front of a message, in local time.
 *
 * Source: RFC 3164, section 4.1, as glibc writes it to /dev/log: no host name, the day padded with a blank.
 */
export function syslogHeader(now: Date, identity: string): string {
  const day = String(now.getDate()).padStart(2, ' ');
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(twoDigits).join(':');
  return `<${userInfo}>${monthNames[now.getMonth()] ?? ''} ${day} ${time} ${identity}: `;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/**
 * The machine's system log. Connects at the first message and again when the receiver was restarted; never waits.
 * Owns its socket until {@link close}.
 */
export class SyslogSocket {
  readonly #binding: Binding;
  readonly #identity: string;
  readonly #path: string;
  #fd: number | null = null;

  constructor(binding: Binding, identity = 'supervisord', path = '/dev/log') {
    this.#binding = binding;
    this.#identity = identity;
    this.#path = path;
  }

  /** Hands over one message, headed as libc does it. Null, or an errno's name: `EAGAIN` while the receiver is behind. */
  send(message: Uint8Array): string | null {
    const datagram = Buffer.concat([Buffer.from(syslogHeader(new Date(), this.#identity)), message]);
    const errno = this.#sendOnce(datagram);
    if (errno === null || !lostErrnos.has(errno)) {
      return errno;
    }
    this.close();
    return this.#sendOnce(datagram);
  }

  /** Idempotent; a later message connects again. */
  close(): void {
    if (this.#fd !== null) {
      this.#binding.close(this.#fd);
      this.#fd = null;
    }
  }

  #sendOnce(datagram: Uint8Array): string | null {
    if (this.#fd === null) {
      const fd = this.#binding.datagramOpen(this.#path);
      if (fd < 0) {
        return errnoName(-fd);
      }
      this.#fd = fd;
    }
    return failureOf(this.#binding.datagramSend(this.#fd, datagram));
  }
}
