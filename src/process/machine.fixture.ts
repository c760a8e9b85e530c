/** One process in virtual time for tests of the pure machine: events in, effects collected, time at will. */
import type { ProcessSettings } from '../config/settings.ts';
import type { ExitStatus } from '../system/system.ts';
import { processSettings } from './settings.fixture.ts';
import type { ProcessState } from './states.ts';
import { deadlineOf, initialRecord, pidOf } from './record.ts';
import type { Effect, ProcessEvent } from './step.ts';
import { transition } from './transitions.ts';

export const SIGTERM = 15;

export class Machine {
  record = initialRecord;
  nowMs = 1_000_000;
  mayRestart = true;
  nextPid = 100;
  readonly effects: Effect[] = [];
  readonly settings: ProcessSettings;

  constructor(overrides: Partial<ProcessSettings> = {}) {
    this.settings = processSettings(overrides);
  }

  get state(): ProcessState {
    return this.record.phase.state;
  }

  get pid(): number {
    return pidOf(this.record);
  }

  send(event: ProcessEvent): this {
    const context = {
      settings: this.settings,
      nowMs: this.nowMs,
      wallMs: this.nowMs + 1_700_000_000_000,
      mayRestart: this.mayRestart,
    };
    const { record, effects } = transition(this.record, event, context);
    this.record = record;
    this.effects.push(...effects);
    return this;
  }

  /** Start request whose spawn succeeds at once. */
  start(): this {
    this.send({ type: 'start' });
    return this.spawned();
  }

  spawned(): this {
    this.nextPid += 1;
    return this.send({ type: 'spawned', pid: this.nextPid });
  }

  spawnFailed(message = "can't find command 'x'"): this {
    return this.send({ type: 'spawn-failed', message, fault: 'program' });
  }

  /** The spawn fails because the machine has no room. */
  outOfRoom(message: string): this {
    return this.send({ type: 'spawn-failed', message, fault: 'machine' });
  }

  stop(reason: 'request' | 'shutdown' = 'request'): this {
    return this.send({ type: 'stop', reason });
  }

  exit(code: number): this {
    return this.end({ kind: 'exited', code });
  }

  killedBy(signal: number): this {
    return this.end({ kind: 'signaled', signal, coreDumped: false });
  }

  end(status: ExitStatus): this {
    return this.send({ type: 'exited', pid: this.pid, status });
  }

  /** Lets time pass; every deadline on the way is delivered exactly when it is due. */
  advance(ms: number): this {
    const end = this.nowMs + ms;
    for (;;) {
      const due = deadlineOf(this.record, this.settings);
      if (due === null || due > end) {
        break;
      }
      this.nowMs = Math.max(this.nowMs, due);
      this.send({ type: 'deadline' });
    }
    this.nowMs = end;
    return this;
  }

  /** States entered since the last call, in order. */
  takeStates(): ProcessState[] {
    return this.takeEffects().flatMap((effect) => (effect.type === 'state-changed' ? [effect.to] : []));
  }

  /** Activity log lines since the last call, as `level message`. */
  takeLog(): string[] {
    return this.takeEffects().flatMap((effect) =>
      effect.type === 'log' ? [`${effect.level} ${effect.message}`] : [],
    );
  }

  takeEffects(): Effect[] {
    return this.effects.splice(0);
  }
}
