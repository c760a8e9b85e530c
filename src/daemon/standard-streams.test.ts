import { afterEach, describe, expect, it } from 'vitest';
import type { LogDestination } from '../logging/destinations/destination.ts';
import type { OutletOptions } from '../logging/outlet.ts';
import { type StreamOwner, StandardStreams } from './standard-streams.ts';

/** Takes what is written to each path; `waiting` bytes of it have not been read yet. */
class FakeOutlets {
  readonly texts = new Map<string, string>();
  waiting = 0;
  open_ = 0;
  errno: string | null = null;

  open(path: string, _options: OutletOptions): LogDestination | string {
    if (this.errno !== null) {
      return this.errno;
    }
    this.open_ += 1;
    return {
      backlogBytes: this.waiting,
      isBehind: this.waiting > 0,
      isOpen: true,
      blockedForMs: 0,
      open: (opened) => opened(null),
      takePipe: () => null,
      write: (chunk) => {
        this.texts.set(path, `${this.texts.get(path) ?? ''}${Buffer.from(chunk).toString()}`);
        return true;
      },
      settle: () => undefined,
      reopen: () => undefined,
      clear: (cleared) => cleared(null),
      close: () => void (this.open_ -= 1),
    };
  }
}

class FakeProcess {
  readonly warned: ((warning: Error) => void)[] = [() => undefined];
  declare stdout: NodeJS.WriteStream;
  declare stderr: NodeJS.WriteStream;

  listenerCount(): number {
    return this.warned.length;
  }

  removeAllListeners(): void {
    this.warned.length = 0;
  }

  on(_event: string, listener: (warning: Error) => void): void {
    this.warned.push(listener);
  }
}

const { console } = globalThis;

afterEach(() => {
  globalThis.console = console;
});

function take() {
  const outlets = new FakeOutlets();
  const owner = new FakeProcess();
  const streams = new StandardStreams(outlets);
  streams.takeOver(owner as unknown as StreamOwner);
  return { outlets, owner, streams };
}

describe('standard streams that are taken over', () => {
  it('carry what is printed by any way, at once', () => {
    const { outlets, owner } = take();
    owner.stdout.write('one\n');
    owner.stderr.write('two\n');
    globalThis.console.log('three');
    globalThis.console.error('four');
    owner.warned.forEach((listener) => listener(new Error('five')));
    expect([...outlets.texts]).toEqual([
      ['/dev/stdout', 'one\nthree\n'],
      ['/dev/stderr', 'two\nfour\nError: five\n'],
    ]);
    expect(outlets.open_).toBe(0);
  });

  it('hold so much for a reader that has stopped, and count the rest', () => {
    const { outlets, owner } = take();
    outlets.waiting = 2 * 1024 * 1024;
    owner.stderr.write('lost\n');
    owner.stderr.write('lost\n');
    outlets.waiting = 0;
    owner.stderr.write('one\n');
    owner.stderr.write('two\n');
    expect(outlets.texts.get('/dev/stderr')).toBe(
      'supervisord: dropped 2 messages while nobody read stderr\none\ntwo\n',
    );
  });

  it('take everything where there is nothing to print to', () => {
    const { outlets, owner } = take();
    outlets.errno = 'EBADF';
    owner.stderr.write('one\n');
    expect([...outlets.texts]).toEqual([]);
  });
});
