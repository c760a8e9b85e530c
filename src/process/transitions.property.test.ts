import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProcessSettings } from '../config/settings.ts';
import { Machine } from './machine.fixture.ts';
import { processStateCodes, stoppedStates } from './states.ts';
import type { Effect } from './step.ts';

type SpawnOutcome = 'child' | 'failure' | 'no room';

/**
 * A machine in a small operating system: a spawn has an outcome later, a child lives until it ends or is killed.
 * It fails the test the moment a second child would come to life beside a living one.
 */
class World {
  readonly machine: Machine;
  /** Pids that are alive, whether or not the machine knows. */
  readonly alive = new Set<number>();
  spawnPending = false;
  /** A child that ignores everything but SIGKILL. */
  stubborn = false;
  /** Signals cannot be sent. */
  killsFail = false;

  constructor(settings: Partial<ProcessSettings>) {
    this.machine = new Machine(settings);
  }

  settle(): void {
    for (const effect of this.machine.takeEffects()) {
      this.perform(effect);
    }
    this.check();
  }

  private perform(effect: Effect): void {
    if (effect.type === 'spawn') {
      expect(this.spawnPending).toBe(false);
      expect([...this.alive]).toEqual([]);
      this.spawnPending = true;
    } else if (effect.type === 'state-changed') {
      expect(Object.keys(processStateCodes)).toContain(effect.to);
    } else if (effect.type === 'kill') {
      expect([...this.alive]).toEqual([effect.pid]);
      if (this.killsFail) {
        this.machine.send({
          type: 'kill-failed',
          pid: effect.pid,
          intent: effect.intent,
          reason: 'EPERM',
        });
        this.settle();
      } else if (effect.signal === 9 || (effect.intent === 'stop' && !this.stubborn)) {
        this.doomed = effect.signal;
      }
    }
  }

  /** Signal that will end the child as soon as the next step lets it. */
  doomed: number | null = null;

  private check(): void {
    const { state, pid } = this.machine;
    if (pid !== 0) {
      expect([...this.alive]).toEqual([pid]);
    }
    expect(pid !== 0).toBe(
      ['RUNNING', 'STOPPING', 'UNKNOWN'].includes(state) || (state === 'STARTING' && !this.spawnPending),
    );
  }

  answerSpawn(outcome: SpawnOutcome): void {
    if (!this.spawnPending) {
      return;
    }
    this.spawnPending = false;
    if (outcome === 'child') {
      this.alive.add(this.machine.nextPid + 1);
      this.machine.spawned();
    } else if (outcome === 'failure') {
      this.machine.spawnFailed();
    } else {
      const { failures } = this.machine.record;
      this.machine.outOfRoom('no room');
      expect(['BACKOFF', 'STOPPED']).toContain(this.machine.state);
      expect(this.machine.record.failures).toBe(this.machine.state === 'STOPPED' ? 0 : failures);
    }
    this.settle();
  }

  endChild(code: number): void {
    const { pid } = this.machine;
    if (pid === 0) {
      return;
    }
    this.alive.delete(pid);
    if (this.doomed === null) {
      this.machine.exit(code);
    } else {
      this.machine.killedBy(this.doomed);
    }
    this.doomed = null;
    this.settle();
  }
}

const settingsArbitrary = fc.record({
  autorestart: fc.constantFrom('always', 'never', 'unexpected'),
  startSecs: fc.constantFrom(0, 1, 10),
  startRetries: fc.constantFrom(0, 1, 3),
  stopWaitSecs: fc.constantFrom(0, 1, 10),
  stopAsGroup: fc.boolean(),
  killAsGroup: fc.boolean(),
} as const);

type Action = (world: World) => void;

function send(event: 'start' | 'stop' | 'shutdown' | 'signal'): Action {
  return (world) => {
    if (event === 'start') {
      world.machine.send({ type: 'start' });
    } else if (event === 'signal') {
      world.machine.send({ type: 'signal', signal: 1 });
    } else {
      world.machine.stop(event === 'stop' ? 'request' : 'shutdown');
    }
    world.settle();
  };
}

const actionArbitrary: fc.Arbitrary<Action> = fc.oneof(
  fc.constantFrom('start', 'stop', 'shutdown', 'signal').map(send),
  fc.constantFrom<SpawnOutcome>('child', 'failure', 'no room').map(
    (outcome): Action =>
      (world) =>
        world.answerSpawn(outcome),
  ),
  fc.constantFrom(0, 1, 2).map(
    (code): Action =>
      (world) =>
        world.endChild(code),
  ),
  fc.constantFrom(1, 999, 1000, 5000, 20_000).map((ms): Action => (world) => {
    world.machine.advance(ms);
    world.settle();
  }),
  fc.boolean().map(
    (fail): Action =>
      (world) =>
        void (world.killsFail = fail),
  ),
  fc.boolean().map(
    (stubborn): Action =>
      (world) =>
        void (world.stubborn = stubborn),
  ),
  // Events that have no business here: a stale outcome, a stranger's end.
  fc.constant<Action>((world) => {
    world.machine.send({ type: 'exited', pid: 99_999, status: { kind: 'exited', code: 0 } });
    world.settle();
  }),
);

describe('any sequence of events', () => {
  const scenario = fc.tuple(settingsArbitrary, fc.array(actionArbitrary, { maxLength: 60 }));

  it('never has two live processes, nor a state outside the table, nor a pid that does not fit the state', () => {
    fc.assert(
      fc.property(scenario, ([settings, actions]) => {
        const world = new World(settings);
        for (const action of actions) {
          action(world);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('a stop request always ends in a stopped state without a process', () => {
    fc.assert(
      fc.property(scenario, ([settings, actions]) => {
        const world = new World(settings);
        for (const action of actions) {
          action(world);
        }
        world.killsFail = false;
        send('stop')(world);
        world.answerSpawn('child');
        for (let turn = 0; turn < 5 && world.machine.pid !== 0; turn += 1) {
          world.machine.advance(60_000);
          world.settle();
          if (world.doomed !== null) {
            world.endChild(0);
          }
        }
        expect(stoppedStates).toContain(world.machine.state);
        expect([...world.alive]).toEqual([]);
        world.machine.advance(1_000_000);
        world.settle();
        expect(world.spawnPending).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});
