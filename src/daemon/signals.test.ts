import { EventEmitter } from 'node:events';
import os from 'node:os';
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
    expect(new Signals(source, () => undefined)).toBeDefined();
    expect(source.eventNames()).toEqual([]);
  });

  it('B13.1: keeps what comes while the daemon starts, however often it is told to', () => {
    const source = new EventEmitter();
    const signals = new Signals(source, () => undefined);
    const done: string[] = [];
    signals.keep();
    signals.keep();
    source.emit('SIGHUP');
    source.emit('SIGTERM');
    signals.attach(life(done, 'first'));
    expect(done).toEqual(['first restart', 'first shutdown']);
  });

  it('ignores what means nothing while it keeps, and gives everything back when it lets go', () => {
    const source = new EventEmitter();
    const ignored = new Map<number, boolean>();
    const signals = new Signals(source, (signal, isIgnored) => void ignored.set(signal, isIgnored));
    signals.keep();
    const { SIGALRM, SIGPROF, SIGABRT, SIGSEGV, SIGTSTP, SIGTERM } = os.constants.signals;
    expect([SIGALRM, SIGPROF, 34, 64].map((signal) => ignored.get(signal))).toEqual([true, true, true, true]);
    expect([SIGABRT, SIGSEGV, SIGTSTP, SIGTERM].filter((signal) => ignored.has(signal))).toEqual([]);
    source.emit('SIGINT');
    source.emit('SIGCHLD');
    expect(signals.letGo()).toEqual(['SIGINT']);
    expect([...ignored.values()].every((isIgnored) => !isIgnored)).toBe(true);
    expect(source.eventNames()).toEqual([]);
  });

  it('has the kernel ignore all of its own at the end', () => {
    const ignored: number[] = [];
    const signals = new Signals(new EventEmitter(), (signal) => void ignored.push(signal));
    signals.ignoreAll();
    const { SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2, SIGCHLD } = os.constants.signals;
    expect(new Set(ignored)).toEqual(new Set([SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2, SIGCHLD]));
  });

  it('B13.3: keeps what comes between two lives for the next, each signal once', () => {
    const source = new EventEmitter();
    const signals = new Signals(source, () => undefined);
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
