import { beforeEach, describe, expect, it } from 'vitest';
import { settingsOf } from '../config/world.fixture.ts';
import { Groups } from '../group/groups.ts';
import { startProblem } from '../process/command.ts';
import { FakeHost, type FakeOutputs } from '../process/host.fixture.ts';
import type { Process } from '../process/process.ts';
import type { UpdateResult } from '../rpc/supervisor-control.ts';
import type { Configuration } from './effective-config.ts';
import { Readings } from './readings.ts';
import { Updates } from './updates.ts';

const configurationOf = (text: string): Configuration => ({
  settings: settingsOf(text),
  origins: { of: () => null, sectionOf: () => null },
});

/** A program of that name; what it is given on top is what differs between configurations. */
const program = (name: string, options = '', command = '/bin/cat'): string =>
  `[program:${name}]\ncommand=${command}\n${options}\n`;

class World {
  readonly host = new FakeHost();
  readonly updates: Updates;
  text: string;
  readonly readings = new Readings(() => Promise.resolve({ ok: true, ...configurationOf(this.text) }));
  readonly groups = new Groups({
    makeProcess: (settings, { name }) => this.host.process(settings, name),
    groupAdded: () => {},
    groupChanged: () => {},
    groupRemoved: () => {},
    mayStart: () => this.host.restartAllowed,
    nextTurn: (work) => work(),
  });

  constructor(text: string) {
    this.text = text;
    const started = configurationOf(text);
    this.updates = new Updates(
      started,
      {},
      {
        groups: this.groups,
        clock: this.host.clock,
        add: (settings) => this.groups.add(settings),
        readings: this.readings,
        problemOf: (settings) => startProblem(settings, this.host),
        mayStart: () => this.host.restartAllowed,
        log: this.host.log,
      },
    );
    started.settings.groups.forEach((group) => this.groups.add(group));
    this.groups.autostart();
  }

  process(name: string): Process {
    const process = this.groups.byName.get(name)?.processes.get(name);
    if (process === undefined) {
      throw new Error(`no process ${name}`);
    }
    return process;
  }

  outputs(name: string): FakeOutputs {
    return this.process(name).outputs as FakeOutputs;
  }

  update(text: string): Promise<UpdateResult> {
    this.text = text;
    return this.updates.run({ mode: 'minimal', groups: null });
  }

  /** As {@link update}, when the configuration has been read. */
  async begun(text: string): Promise<{ readonly done: Promise<UpdateResult> }> {
    const done = this.update(text);
    await this.readings.settled();
    return { done };
  }

  /** Priorities of the groups that were read last. */
  get available(): readonly number[] {
    return this.updates.available.map(({ priority }) => priority);
  }
}

const applied = (name: string) => ({ group: name, process: name, done: 'applied', problem: null });
const refused = (message: string) => ({ ok: false, reason: 'refused', message });

describe('an update whose logs are looked at', () => {
  const before = `${program('a')}${program('b')}`;
  const after = `${program('a', 'priority=1\nstdout_logfile=/log/a')}${program('b', 'priority=2\nstdout_logfile=/log/b')}`;
  let world: World;

  beforeEach(() => {
    world = new World(before);
  });

  const areLate = (...names: readonly string[]): void =>
    names.forEach((name) => {
      world.outputs(name).checksLater = true;
    });

  const configured = (): readonly number[] => ['a', 'b'].map((name) => world.outputs(name).configured.length);

  it('is carried out as soon as the configuration has been read when nothing takes its time', async () => {
    const { done } = await world.begun(after);
    expect([configured(), world.available]).toEqual([
      [1, 1],
      [1, 2],
    ]);
    expect(await done).toMatchObject({ ok: true });
  });

  it('changes nothing before all have been looked at', async () => {
    areLate('a', 'b');
    const { done } = await world.begun(after);
    world.outputs('b').answerChecks();
    await new Promise(setImmediate);
    expect([configured(), world.available]).toEqual([
      [0, 0],
      [999, 999],
    ]);
    world.outputs('a').answerChecks();
    expect(await done).toMatchObject({
      ok: true,
      outcomes: expect.arrayContaining([applied('a'), applied('b')]),
    });
    expect(configured()).toEqual([1, 1]);
    expect(world.host.clock.pending).toBe(2);
  });

  it('is refused as a whole when one of them cannot be written, all of them named in their order', async () => {
    areLate('a');
    world.outputs('a').problem = 'cannot open /log/a: EACCES';
    world.outputs('b').problem = 'cannot open /log/b: EIO';
    const { done } = await world.begun(after);
    world.outputs('a').answerChecks();
    expect(await done).toEqual(refused('a: cannot open /log/a: EACCES\nb: cannot open /log/b: EIO'));
    expect([configured(), world.available]).toEqual([
      [0, 0],
      [999, 999],
    ]);
  });

  it('waits no longer than a second for them', async () => {
    areLate('a');
    world.outputs('a').problem = 'cannot open /log/a: EIO';
    const { done } = await world.begun(after);
    world.host.clock.advance(1000);
    expect(await done).toMatchObject({ ok: true });
    world.outputs('a').answerChecks();
    expect(configured()).toEqual([1, 1]);
  });

  it('keeps others from being begun, until it is over', async () => {
    areLate('a');
    const { done: first } = await world.begun(after);
    expect(await world.update(before)).toEqual(refused('another update is under way'));
    world.outputs('a').problem = 'cannot open /log/a: EACCES';
    world.outputs('a').answerChecks();
    expect(await first).toMatchObject({ ok: false });
    world.outputs('a').checksLater = false;
    world.outputs('a').problem = null;
    expect(await world.update(after)).toMatchObject({ ok: true });
  });

  it('keeps out others that were asked for while its configuration was read', async () => {
    areLate('a');
    const first = world.update(after);
    expect(await world.update(after)).toEqual(refused('another update is under way'));
    world.outputs('a').checksLater = false;
    world.outputs('a').answerChecks();
    expect(await first).toMatchObject({ ok: true });
  });

  it('is refused when the daemon goes down while the configuration is read', async () => {
    const done = world.update(after);
    world.host.restartAllowed = false;
    expect(await done).toEqual(refused('the daemon is going down'));
    expect([configured(), world.available]).toEqual([
      [0, 0],
      [999, 999],
    ]);
  });

  it('is over as well when looking fails', async () => {
    const { outputs } = world.process('a');
    const check = outputs.check.bind(outputs);
    outputs.check = () => {
      throw new Error('broken');
    };
    await expect(world.update(after)).rejects.toThrow('broken');
    outputs.check = check;
    expect(await world.update(after)).toMatchObject({ ok: true });
  });

  it('is refused when the daemon goes down meanwhile', async () => {
    areLate('a');
    const { done } = await world.begun(after);
    world.host.restartAllowed = false;
    world.outputs('a').answerChecks();
    expect(await done).toEqual(refused('the daemon is going down'));
    expect(configured()).toEqual([0, 0]);
  });

  it('leaves a configuration that was read meanwhile the latest', async () => {
    areLate('a');
    const { done } = await world.begun(after);
    world.text = `${program('a', 'priority=7')}${program('b', 'priority=8')}`;
    await world.updates.reread();
    world.outputs('a').answerChecks();
    expect(await done).toMatchObject({ ok: true });
    expect(world.available).toEqual([7, 8]);
  });
});

describe('what others do while logs are looked at', () => {
  it('is what the update finds: a program that was started is started anew', async () => {
    const world = new World(program('a', 'autostart=false'));
    world.outputs('a').checksLater = true;
    const { done } = await world.begun(program('a', 'autostart=false\nenvironment=A=1'));
    world.process('a').start();
    world.outputs('a').answerChecks();
    await new Promise(setImmediate);
    world.host.end(world.process('a'), 0);
    expect(await done).toMatchObject({ ok: true, outcomes: [{ done: 'restarted' }] });
    expect([world.process('a').state, world.host.system.spawned.length]).toEqual(['STARTING', 2]);
  });

  it('may make it impossible', async () => {
    const world = new World(program('a', 'autostart=false'));
    world.outputs('a').checksLater = true;
    const { done } = await world.begun(program('a', 'autostart=false', '/bin/nosuch'));
    world.process('a').start();
    world.outputs('a').answerChecks();
    expect(await done).toEqual(refused("a: can't find command '/bin/nosuch'"));
    expect([world.process('a').state, world.host.system.kills]).toEqual(['STARTING', []]);
  });
});
