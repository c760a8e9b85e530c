import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ProcessSettings } from '../config/settings.ts';
import { type FakeOutput, FakeHost, type FakeOutputs } from './host.fixture.ts';
import type { Process } from './process.ts';
import { processSettings } from './settings.fixture.ts';
import { stoppedStates } from './states.ts';

/** A process in a small system, whose outputs, name service and children answer and end when they like. */
class World {
  readonly host = new FakeHost();
  readonly process: Process;
  readonly outputs: readonly FakeOutput[];
  /** Not reaped yet. */
  readonly alive = new Set<number>();
  /** Wrong things that were done to the system. */
  readonly wrongs: string[] = [];

  constructor(settings: Partial<ProcessSettings>) {
    const { system } = this.host;
    system.users.set(33, { uid: 33, gid: 33, groups: [33] });
    system.addExecutable('/bin/dog');
    this.process = this.host.process(settings);
    const { stdout, stderr } = this.process.outputs as FakeOutputs;
    this.outputs = stderr === null ? [stdout] : [stdout, stderr];
    const spawn = system.spawn.bind(system);
    system.spawn = (request) => {
      this.#expect(this.alive.size === 0, 'a second child');
      this.#expect(request.file === this.process.settings.command, 'a child of former settings');
      const result = spawn(request);
      if (result.ok) {
        this.alive.add(result.pid);
      }
      return result;
    };
    const kill = system.kill.bind(system);
    system.kill = (pid, signal) => {
      this.#expect(this.alive.has(Math.abs(pid)), `a signal to ${pid}, which is nobody's`);
      return kill(pid, signal);
    };
  }

  end(code: number): void {
    for (const pid of this.alive) {
      this.alive.delete(pid);
      this.host.system.end(pid, { kind: 'exited', code });
      this.host.reap();
    }
  }

  answerAll(): void {
    for (const output of this.outputs) {
      output.slow.clear();
    }
    this.host.system.lookupsTakeTime = false;
    for (let isBusy = true; isBusy;) {
      this.host.system.answerLookups();
      isBusy = this.outputs.some((output) => output.answer('open') || output.answer('finish'));
    }
  }

  check(): void {
    const { process } = this;
    expect([this.wrongs, this.host.errors]).toEqual([[], []]);
    if (this.alive.size > 0) {
      expect([...this.alive]).toEqual([process.pid]);
    }
    expect(process.pid !== 0).toBe(
      ['RUNNING', 'STOPPING', 'UNKNOWN'].includes(process.state) ||
        (process.state === 'STARTING' && !process.isSpawning),
    );
  }

  #expect(isRight: boolean, wrong: string): void {
    if (!isRight) {
      this.wrongs.push(wrong);
    }
  }
}

type Action = (world: World) => void;

const settingsArbitrary: fc.Arbitrary<Partial<ProcessSettings>> = fc.record({
  autorestart: fc.constantFrom('always', 'never', 'unexpected'),
  command: fc.constantFrom('/bin/cat', '/bin/dog'),
  startSecs: fc.constantFrom(0, 1, 10),
  startRetries: fc.constantFrom(0, 3),
  stopWaitSecs: fc.constantFrom(0, 1, 10),
  killAsGroup: fc.boolean(),
  redirectStderr: fc.constant(false),
  uid: fc.constantFrom(null, 33),
});

const outputArbitrary = fc.constantFrom(0, 1);

const actionArbitrary: fc.Arbitrary<Action> = fc.oneof(
  fc.constantFrom<Action>(
    ({ process }) => process.start(),
    ({ process }) => void process.stop(),
    ({ process }) => void process.stop(null, 'shutdown'),
    ({ process }) => void process.signal(1),
    ({ host }) => void (host.restartAllowed = !host.restartAllowed),
    ({ host }) => void (host.system.nextKillErrno = 'EPERM'),
    ({ host }) => void (host.system.nextPipeErrno = 'EMFILE'),
    ({ host }) => void (host.system.nextSpawnFailure = { ok: false, stage: 'exec', errno: 'ENOENT' }),
    ({ host: { system } }) => void (system.lookupsTakeTime = !system.lookupsTakeTime),
    ({ host: { system } }) => system.answerLookups(),
  ),
  {
    weight: 2,
    arbitrary: settingsArbitrary.map(
      (settings): Action =>
        ({ process }) =>
          process.configure(processSettings(settings)),
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(outputArbitrary, fc.constantFrom('open', 'finish'))
      .map(([which, asked]): Action => ({ outputs }) => {
        const slow = outputs[which]?.slow;
        if (slow?.delete(asked) === false) {
          slow.add(asked);
        }
      }),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(outputArbitrary, fc.constantFrom('open', 'finish')).map(
      ([which, asked]): Action =>
        ({ outputs }) =>
          void outputs[which]?.answer(asked),
    ),
  },
  fc
    .tuple(outputArbitrary, fc.constantFrom(null, 'EACCES', 'EMFILE'))
    .map(([which, errno]): Action => ({ outputs }) => {
      const output = outputs[which];
      if (output !== undefined) {
        output.openErrno = errno;
      }
    }),
  {
    weight: 2,
    arbitrary: fc.constantFrom(0, 1).map(
      (code): Action =>
        (world) =>
          world.end(code),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(1, 500, 1000, 5000, 20_000).map(
      (ms): Action =>
        ({ host }) =>
          host.clock.advance(ms),
    ),
  },
);

const scenario = fc.tuple(settingsArbitrary, fc.array(actionArbitrary, { maxLength: 60 }));

/** Also the outputs are slow from the beginning. */
function play([settings, actions]: readonly [Partial<ProcessSettings>, readonly Action[]]): World {
  const world = new World(settings);
  for (const { slow } of world.outputs) {
    slow.add('open').add('finish');
  }
  for (const action of actions) {
    action(world);
    world.check();
  }
  return world;
}

it('whatever is answered when: no signal to a stranger, no second child, no start without an outcome', () => {
  fc.assert(
    fc.property(scenario, (played) => {
      const world = play(played);
      world.answerAll();
      world.check();
      expect(world.process.isSpawning).toBe(false);
    }),
    { numRuns: 3000 },
  );
});

it('whatever is answered when: a stop ends in a stopped state without a child and without anything that is awaited', () => {
  fc.assert(
    fc.property(scenario, (played) => {
      const world = play(played);
      world.host.system.nextKillErrno = null;
      world.process.stop();
      for (let round = 0; round < 3; round += 1) {
        world.answerAll();
        world.end(0);
        world.check();
      }
      expect(stoppedStates).toContain(world.process.state);
      expect([world.process.pid, world.alive.size, world.host.clock.pending]).toEqual([0, 0, 0]);
    }),
    { numRuns: 3000 },
  );
});
