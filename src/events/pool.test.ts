import { describe, expect, it } from 'vitest';
import { logText } from '../logging/log-text.ts';
import { EventBus } from './bus.ts';
import { remoteCommunicationEvent } from './payloads.ts';
import { ListenerPool, type PoolListener, type PoolOptions } from './pool.ts';
import { defaultVerdict } from './result-handlers.ts';
import { EventSerials } from './serials.ts';

class FakeListener implements PoolListener {
  readonly name: string;
  readonly received: string[] = [];
  runs = true;
  reads = true;

  constructor(name: string) {
    this.name = name;
  }

  isRunning(): boolean {
    return this.runs;
  }

  write(bytes: Uint8Array): 'ok' | 'closed' {
    if (!this.reads) {
      return 'closed';
    }
    this.received.push(Buffer.from(bytes).toString());
    return 'ok';
  }

  /** What it was sent, without the header and the type. */
  texts(): string[] {
    return this.received.map((text) => text.slice(text.indexOf('\ntype:t\n') + '\ntype:t\n'.length));
  }
}

const judge: PoolOptions['judge'] = (_event, body) => defaultVerdict(body);

const usual = { name: 'pool', server: 'super', bufferSize: 3, judge, lengthInBytes: false };

class World {
  readonly lines: string[] = [];
  readonly deferred: (() => void)[] = [];
  readonly bus = new EventBus((error) => {
    throw error;
  });
  readonly serials = new EventSerials();
  readonly listeners: readonly FakeListener[];
  readonly pool: ListenerPool;

  constructor(names: readonly string[] = ['a'], options: Partial<PoolOptions> = {}) {
    this.listeners = names.map((name) => new FakeListener(name));
    this.pool = this.makePool(options, this.listeners);
  }

  makePool(options: Partial<PoolOptions>, listeners: readonly PoolListener[]): ListenerPool {
    return new ListenerPool({ ...usual, events: ['REMOTE_COMMUNICATION'], ...options }, listeners, {
      bus: this.bus,
      serials: this.serials,
      log: (level, message) => void this.lines.push(`${level} ${logText(message)}`),
      defer: (work) => void this.deferred.push(work),
    });
  }

  listener(name: string): FakeListener {
    const listener = this.listeners.find((one) => one.name === name);
    if (listener === undefined) {
      throw new Error(`no listener ${name}`);
    }
    return listener;
  }

  publish(...texts: readonly string[]): void {
    for (const text of texts) {
      this.bus.publish(remoteCommunicationEvent('t', text));
    }
    this.settle();
  }

  says(name: string, text: string): void {
    this.pool.heard(name, Buffer.from(text));
    this.settle();
  }

  settle(): void {
    for (let work = this.deferred.shift(); work !== undefined; work = this.deferred.shift()) {
      work();
    }
  }

  /** The lines of the log, which is empty afterwards. */
  log(): string[] {
    return this.lines.splice(0);
  }
}

const ok = 'RESULT 2\nOKREADY\n';

describe('ListenerPool', () => {
  it('B20.10: an event waits for READY, is sent, and the next one after its answer', () => {
    const world = new World();
    world.publish('one', 'two');
    expect(world.listener('a').received).toEqual([]);
    world.says('a', 'READY\n');
    expect(world.listener('a').received).toEqual([
      'ver:3.0 server:super serial:0 pool:pool poolserial:0 eventname:REMOTE_COMMUNICATION len:10\ntype:t\none',
    ]);
    expect(world.pool.stateOf('a')).toBe('BUSY');
    expect(world.log()).toEqual(['debug a: ACKNOWLEDGED -> READY', 'debug event 0 sent to listener a']);
    world.says('a', ok);
    expect(world.listener('a').texts()).toEqual(['one', 'two']);
    expect(world.log()).toEqual([
      'debug a: event was processed',
      'debug a: BUSY -> ACKNOWLEDGED',
      'debug a: ACKNOWLEDGED -> READY',
      'debug event 1 sent to listener a',
    ]);
  });

  it('B20.14: the first READY listener in order gets it, one event each', () => {
    const world = new World(['a', 'b']);
    world.says('b', 'READY\n');
    world.says('a', 'READY\n');
    world.log();
    world.publish('one', 'two', 'three');
    expect(world.listeners.map((listener) => listener.texts())).toEqual([['one'], ['two']]);
    world.says('b', ok);
    expect(world.listener('b').texts()).toEqual(['two', 'three']);
  });

  it('B20.14: one that has closed its stdin is passed over, one that does not run is not asked', () => {
    const world = new World(['a', 'b', 'c']);
    for (const { name } of world.listeners) {
      world.says(name, 'READY\n');
    }
    world.log();
    world.listener('a').reads = false;
    world.listener('b').runs = false;
    world.publish('one');
    expect(world.listener('c').texts()).toEqual(['one']);
    expect(world.log()).toEqual([
      'debug epipe occurred while sending event 0 to listener a, listener state unchanged',
      'debug event 0 sent to listener c',
    ]);
    world.publish('two');
    expect(world.log()).toEqual([
      'debug epipe occurred while sending event 1 to listener a, listener state unchanged',
      'debug rebuffering event 1 for pool pool (buf size=0, max=3)',
    ]);
    world.listener('b').runs = true;
    world.pool.running();
    world.settle();
    expect(world.listener('b').texts()).toEqual(['two']);
  });

  it('B20.13: where the buffer is full the oldest is discarded', () => {
    const world = new World();
    world.publish('one', 'two', 'three', 'four', 'five');
    expect(world.log()).toEqual([
      'error pool pool event buffer overflowed, discarding event 0',
      'error pool pool event buffer overflowed, discarding event 1',
    ]);
    world.says('a', 'READY\n');
    expect(world.listener('a').texts()).toEqual(['three']);
  });

  it('B20.12: what is rejected goes back to the head and is offered again, with its numbers', () => {
    const world = new World();
    world.says('a', 'READY\n');
    world.publish('one', 'two');
    world.log();
    world.says('a', 'RESULT 4\nFAIL');
    expect(world.log()).toEqual([
      'warn a: event was rejected',
      'debug a: BUSY -> ACKNOWLEDGED',
      'debug rebuffering event 0 for pool pool (buf size=1, max=3)',
    ]);
    world.says('a', 'READY\n');
    expect(world.listener('a').texts()).toEqual(['one', 'one']);
    expect(world.listener('a').received[1]).toBe(world.listener('a').received[0]);
  });

  it('B20.12: what a listener had when it ended is given to another, before the event of its end', () => {
    const world = new World(['a', 'b']);
    world.says('a', 'READY\n');
    world.publish('one');
    world.says('b', 'READY\n');
    world.bus.publish(remoteCommunicationEvent('t', 'a has ended'));
    world.pool.ended('a');
    world.settle();
    expect(world.listener('b').texts()).toEqual(['one']);
    world.says('b', ok);
    expect(world.listener('b').texts()).toEqual(['one', 'a has ended']);
  });

  it('a child that ends after its answer has nothing to return', () => {
    const world = new World(['a', 'b']);
    world.says('a', 'READY\n');
    world.publish('one');
    world.pool.heard('a', Buffer.from('RESULT 2\nOK'));
    world.pool.ended('a');
    world.says('b', 'READY\n');
    expect(world.listener('b').texts()).toEqual([]);
  });

  it('B20.11: a listener that breaks the rules gets nothing until it is started again', () => {
    const world = new World();
    world.says('a', 'READY\n');
    world.publish('one');
    world.log();
    world.says('a', 'what now?\n');
    const explained =
      'warn a: has entered the UNKNOWN state and will no longer receive events, this usually indicates the process violated the eventlistener protocol';
    expect(world.log()).toEqual([
      "warn a: bad result line: 'what now?'",
      'debug a: BUSY -> UNKNOWN',
      explained,
      'debug rebuffering event 0 for pool pool (buf size=0, max=3)',
    ]);
    world.says('a', 'READY\n');
    expect(world.listener('a').texts()).toEqual(['one']);
    world.pool.started('a');
    world.says('a', 'READY\n');
    expect(world.listener('a').texts()).toEqual(['one', 'one']);
  });

  it('B20.11: a bad line that is not UTF-8 is shown as Python shows bytes', () => {
    const world = new World();
    world.says('a', 'READY\n');
    world.publish('one');
    world.log();
    world.pool.heard('a', Buffer.from([0xff, 0x0a]));
    expect(world.log()[0]).toBe("warn a: bad result line: 'Undecodable: b'\\xff''");
  });

  it('what an unruly listener says after READY in the same read is no answer', () => {
    const world = new World();
    world.publish('one');
    world.says('a', 'READY\nRESULT 2\nOK');
    expect(world.pool.stateOf('a')).toBe('UNKNOWN');
    expect(world.listener('a').texts()).toEqual([]);
  });

  it('B20: serials are of all pools together, pool serials of each', () => {
    const world = new World(['a']);
    const other = new FakeListener('x');
    const second = world.makePool({ name: 'other', events: ['EVENT'] }, [other]);
    world.bus.publish({ type: 'SUPERVISOR_STATE_CHANGE_RUNNING', payload: '' });
    world.publish('one');
    world.says('a', 'READY\n');
    second.heard('x', Buffer.from('READY\n'));
    world.settle();
    second.heard('x', Buffer.from(ok));
    world.settle();
    const numbers = (listener: FakeListener) =>
      listener.received.map((text) => /serial:(\d+) pool:\w+ poolserial:(\d+)/.exec(text)?.slice(1));
    expect(numbers(world.listener('a'))).toEqual([['1', '0']]);
    expect(numbers(other)).toEqual([
      ['0', '0'],
      ['1', '1'],
    ]);
  });

  it('B20.13: an event of two types that are subscribed to comes twice', () => {
    const world = new World(['a'], { events: ['EVENT', 'REMOTE_COMMUNICATION'] });
    world.publish('one');
    expect(world.log()).toEqual(['debug rebuffering event 0 for pool pool (buf size=1, max=3)']);
    world.says('a', 'READY\n');
    world.says('a', ok);
    expect(world.listener('a').texts()).toEqual(['one', 'one']);
  });

  it('is quiet when nothing waits and nobody is at work', () => {
    const world = new World();
    const quiet: string[] = [];
    world.pool.whenQuiet(() => quiet.push('idle'));
    expect(quiet).toEqual(['idle']);
    world.says('a', 'READY\n');
    world.publish('one', 'two');
    world.pool.whenQuiet(() => quiet.push('done'));
    world.says('a', ok);
    expect(quiet).toEqual(['idle']);
    world.says('a', 'RESULT 2\nOK');
    expect(quiet).toEqual(['idle', 'done']);
  });

  it('is quiet when nobody is there to take what waits', () => {
    const world = new World();
    const quiet: string[] = [];
    world.publish('one');
    world.pool.whenQuiet(() => quiet.push('given up'));
    expect(quiet).toEqual([]);
    world.listener('a').runs = false;
    world.pool.ended('a');
    expect(quiet).toEqual(['given up']);
  });

  it('hears nothing after it was closed', () => {
    const world = new World();
    world.publish('one');
    world.pool.close();
    world.publish('two');
    world.says('a', 'READY\n');
    expect(world.listener('a').texts()).toEqual([]);
    expect(world.bus.hasSubscribers('REMOTE_COMMUNICATION')).toBe(false);
  });
});

describe('other options', () => {
  it('go on with what waits and with who is at work', () => {
    const world = new World(['a', 'b'], { bufferSize: 5 });
    world.says('a', 'READY\n');
    world.publish('one', 'two', 'three', 'four');
    const [a] = world.listeners;
    const fresh = new FakeListener('c');
    const options = { ...usual, bufferSize: 2, events: ['TICK_5' as const] };
    world.pool.configure(options, a === undefined ? [] : [a, fresh]);
    expect(world.lines.filter((line) => line.includes('overflowed'))).toHaveLength(1);
    expect(world.bus.hasSubscribers('REMOTE_COMMUNICATION')).toBe(false);
    expect(world.bus.hasSubscribers('TICK_5')).toBe(true);
    world.says('a', 'RESULT 2\nOKREADY\n');
    world.says('c', 'READY\n');
    world.says('b', 'READY\n');
    expect([a?.texts(), fresh.texts(), world.listener('b').texts()]).toEqual([
      ['one', 'three'],
      ['four'],
      [],
    ]);
  });
});
