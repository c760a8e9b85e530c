import { describe, expect, it } from 'vitest';
import { loadSettings, type LoadResult } from '../config/load.ts';
import { configFile, worldWith } from '../config/world.fixture.ts';
import type { World } from '../config/world.ts';
import { FakeClock } from '../system/fake-clock.ts';
import { Directories } from './directories.ts';
import { readWithoutWaiting } from './reading.ts';

const program = (name: string, log: string): string =>
  `[program:${name}]\ncommand=/bin/cat\nstdout_logfile=${log}\n`;

/** A machine whose file systems answer as a test has them. */
class Machine {
  readonly clock = new FakeClock();
  /** Directories in the order in which they were asked for. */
  readonly asked: string[] = [];
  readonly absent = new Set<string>();
  readonly dead = new Set<string>();
  /** Cannot be asked. */
  readonly unasked = new Set<string>();
  readonly directories = new Directories(
    {
      isDirectory: (directory, done) => {
        this.asked.push(directory);
        if (!this.dead.has(directory)) {
          const answer = this.unasked.has(directory) ? null : !this.absent.has(directory);
          setImmediate(() => done(answer));
        }
      },
    },
    this.clock,
  );
  text: string;
  passes = 0;

  constructor(programs: string) {
    this.text = `[supervisord]\nchildlogdir=/child\n${programs}`;
  }

  readonly load = (world: World): LoadResult => {
    this.passes += 1;
    const file = { [configFile]: this.text };
    return loadSettings({ configFile, world: { ...world, ...filesOf(worldWith(file)) } });
  };

  read(): Promise<LoadResult> {
    const world: World = {
      ...worldWith({}),
      isDirectory: () => {
        throw new Error('asked on the event loop');
      },
    };
    return readWithoutWaiting(world, this.load, (directories) => this.directories.missingOf(directories));
  }

  /** What reading tells that asks within the reading. */
  readAtOnce(): LoadResult {
    return this.load({ ...worldWith({}), isDirectory: (path) => !this.absent.has(path) });
  }
}

/** The configuration as it is now, whatever else its world is. */
function filesOf(world: World): Pick<World, 'fileExists' | 'readFile'> {
  return { fileExists: (path) => world.fileExists(path), readFile: (path) => world.readFile(path) };
}

const problemsOf = (result: LoadResult): readonly string[] => result.problems.map(({ message }) => message);
const turn = (): Promise<unknown> => new Promise(setImmediate);

describe('reading the configuration while programs run', () => {
  it('is done once when all directories are there, each of which is asked for once', async () => {
    const machine = new Machine(
      `${program('a', '/log/a')}${program('b', '/log/b')}${program('c', 'logs/c')}`,
    );
    expect(await machine.read()).toMatchObject({ ok: true });
    expect([machine.passes, machine.asked]).toEqual([1, ['/child', '/log', '/home/me/logs']]);
    expect(machine.clock.pending).toBe(0);
  });

  it('asks for nothing but what is named', async () => {
    const machine = new Machine('[program:a]\ncommand=/bin/cat\n');
    expect(await machine.read()).toMatchObject({ ok: true });
    expect([machine.passes, machine.asked, machine.clock.pending]).toEqual([1, ['/child'], 0]);
  });

  it('is done once more when some are missing, and tells all problems of asking at once', async () => {
    const machine = new Machine(
      `${program('a', '/no/a')}${program('b', '/log/b')}${program('c', '/no/c')}numprocs=x\n`,
    );
    machine.absent.add('/no').add('/child');
    const read = await machine.read();
    expect([machine.passes, machine.asked]).toEqual([2, ['/child', '/no', '/log']]);
    expect(problemsOf(read)).toEqual(problemsOf(machine.readAtOnce()));
    expect(problemsOf(read).filter((problem) => /\/no\/|\/child/.test(problem))).toHaveLength(3);
  });

  it('takes for no directory what no path can be', async () => {
    const machine = new Machine(program('a', '/l\0g/a'));
    expect(await machine.read()).toMatchObject({ ok: false });
    expect(machine.asked).toEqual(['/child']);
  });

  it('asks for what another file names by then', async () => {
    const machine = new Machine(program('a', '/no/a'));
    machine.absent.add('/no').add('/never');
    const read = machine.read();
    machine.text = machine.text.replace('/no', '/never');
    expect(problemsOf(await read)[0]).toContain('/never/a');
    expect([machine.passes, machine.asked]).toEqual([3, ['/child', '/no', '/never']]);
  });
});

describe('a directory on which nobody answers', () => {
  it('is taken to exist after a quarter of a second, all of them together', async () => {
    const machine = new Machine(program('a', '/dead/a') + program('b', '/grave/b') + program('c', '/no/c'));
    machine.dead.add('/dead').add('/grave');
    machine.absent.add('/no');
    const read = machine.read();
    await turn();
    machine.clock.advance(249);
    await turn();
    expect(machine.passes).toBe(1);
    machine.clock.advance(1);
    expect(problemsOf(await read)).toEqual(problemsOf(machine.readAtOnce()));
    expect(machine.clock.pending).toBe(0);
  });

  it('is asked once, and then not waited for before it has answered', async () => {
    const machine = new Machine(program('a', '/dead/a'));
    machine.dead.add('/dead');
    const read = machine.read();
    await turn();
    machine.clock.advance(250);
    expect(await read).toMatchObject({ ok: true });
    expect(await machine.read()).toMatchObject({ ok: true });
    expect([machine.asked, machine.clock.pending]).toEqual([['/child', '/dead', '/child'], 0]);
  });

  it('is asked again once it has answered, which changes nothing that was read before', async () => {
    const clock = new FakeClock();
    const answers: ((answer: boolean) => void)[] = [];
    const directories = new Directories({ isDirectory: (_path, done) => void answers.push(done) }, clock);
    const first = directories.missingOf(['/dead']);
    clock.advance(250);
    const found = await first;
    answers[0]?.(false);
    expect(found).toEqual(new Set());
    const second = directories.missingOf(['/dead']);
    answers[1]?.(false);
    expect(await second).toEqual(new Set(['/dead']));
  });

  it('counts for no longer while this process stands still', async () => {
    const machine = new Machine(program('a', '/dead/a'));
    machine.dead.add('/dead');
    void machine.read();
    // The clock of a process that is not run goes on, and only one of its timers is due then.
    const stall = machine.clock.monotonicMs.bind(machine.clock);
    machine.clock.monotonicMs = () => stall() + 10_000;
    machine.clock.advance(50);
    expect(machine.clock.pending).toBe(1);
  });
});

it('a directory that cannot be asked for is taken to exist', async () => {
  const machine = new Machine(program('a', '/log/a'));
  machine.unasked.add('/log');
  expect(await machine.read()).toMatchObject({ ok: true });
  expect(machine.passes).toBe(1);
});
