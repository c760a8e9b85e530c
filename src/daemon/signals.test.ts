import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { type SignalActions, Signals } from './signals.ts';

/** One life of the daemon, that writes down what it is asked to do. */
function life(done: string[], name: string): SignalActions {
  return {
    log: () => undefined,
    isShuttingDown: () => false,
    shutdown: () => void done.push(`${name} shutdown`),
    restart: () => void done.push(`${name} restart`),
    reopenLogs: () => void done.push(`${name} reopen`),
    reap: () => void done.push(`${name} reap`),
  };
}

describe('Signals', () => {
  it('leaves signals to the system until it is told to keep them', () => {
    const source = new EventEmitter();
    expect(new Signals(source)).toBeDefined();
    expect(source.eventNames()).toEqual([]);
  });

  it('B13.1: keeps what comes while the daemon starts, however often it is told to', () => {
    const source = new EventEmitter();
    const signals = new Signals(source);
    const done: string[] = [];
    signals.keep();
    signals.keep();
    source.emit('SIGHUP');
    source.emit('SIGTERM');
    signals.attach(life(done, 'first'));
    expect(done).toEqual(['first restart', 'first shutdown']);
  });

  it('B13.3: keeps what comes between two lives for the next, each signal once', () => {
    const source = new EventEmitter();
    const signals = new Signals(source);
    const done: string[] = [];
    const detach = signals.attach(life(done, 'first'));
    source.emit('SIGUSR2');
    source.emit('SIGHUP');
    detach();
    source.emit('SIGCHLD');
    source.emit('SIGCHLD');
    source.emit('SIGTERM');
    expect(done).toEqual(['first reopen', 'first restart']);
    signals.attach(life(done, 'second'));
    expect(done.slice(2)).toEqual(['second reap', 'second shutdown']);
    source.emit('SIGUSR2');
    expect(done.slice(4)).toEqual(['second reopen']);
  });
});
