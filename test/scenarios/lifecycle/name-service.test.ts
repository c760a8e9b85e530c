/** Users of programs, and a name service that hangs, fails, or has other groups than before. */
import { readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';

import { describe, expect } from 'vitest';

import { type ScenarioConfig, writeConfig } from '../../helpers/config.ts';
import { type ForegroundDaemon, startDaemon } from '../../helpers/daemon.ts';
import { ours } from '../../helpers/flavours.ts';
import { NameService, nameServiceReason } from '../../helpers/name-service.ts';
import { runProgram } from '../../helpers/run-program.ts';
import type { Sandbox } from '../../helpers/sandbox.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { waitFor } from '../../helpers/wait.ts';
import { callRpc } from '../../helpers/xml-rpc.ts';
import type { ProcessInfo } from './supervised.ts';

const { EIO } = os.constants.errno;
const notRoot = process.getuid?.() === 0 ? null : 'needs root';
const reason = ours.supervisordMissing ?? nameServiceReason ?? notRoot;

/** Debian's and Alpine's `nobody`. */
const nobody = 65534;

const programs = `[program:web]
command=/bin/sleep 1000
user=nobody
autostart=false
startsecs=0
startretries=0
`;

class World {
  readonly names: NameService;
  readonly config: ScenarioConfig;
  readonly daemon: ForegroundDaemon;

  private constructor(names: NameService, config: ScenarioConfig, daemon: ForegroundDaemon) {
    this.names = names;
    this.config = config;
    this.daemon = daemon;
  }

  static async start(sandbox: Sandbox, behaviour: Parameters<NameService['set']>[0] = {}): Promise<World> {
    const names = new NameService(sandbox.directory);
    names.set(behaviour);
    // The programs ask libc itself.
    const config = writeConfig(sandbox, programs, 'environment=LD_PRELOAD=""');
    const daemon = await startDaemon(sandbox, ours, { ...config, env: names.env });
    return new World(names, config, daemon);
  }

  rpc(method: string, ...params: readonly (string | boolean)[]) {
    return callRpc(this.config.api, `supervisor.${method}`, params);
  }

  async info(): Promise<ProcessInfo> {
    return (await this.rpc('getProcessInfo', 'web')) as unknown as ProcessInfo;
  }

  /** Starts the program, after a stop if it runs. Its identity. */
  async restart(): Promise<{ readonly uid: number; readonly groups: readonly number[] }> {
    if ((await this.info()).statename === 'RUNNING') {
      await this.rpc('stopProcess', 'web', true);
    }
    await this.rpc('startProcess', 'web', true);
    const status = readFileSync(`/proc/${(await this.info()).pid}/status`, 'utf8');
    const numbers = (name: string): readonly number[] =>
      new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1]?.trim().split(/\s+/).map(Number) ?? [];
    return { uid: numbers('Uid')[0] ?? -1, groups: numbers('Groups') };
  }
}

describe.skipIf(reason !== null).concurrent(`the name service (${reason ?? 'ours'})`, () => {
  scenarioTest(
    'hangs: the daemon answers, starts programs as the users it knows, and ends',
    async ({ sandbox }) => {
      const world = await World.start(sandbox);
      const { names, daemon } = world;
      const threads = (): number => readdirSync(`/proc/${daemon.pid}/task`).length;
      await world.restart();
      const before = threads();
      names.set({ users: 'hang' });
      await waitFor('a look-up that hangs', async () => {
        const [identity, state] = await Promise.all([world.restart(), world.rpc('getState')]);
        expect(identity).toEqual({ uid: nobody, groups: [nobody] });
        expect(state).toMatchObject({ statename: 'RUNNING' });
        return threads() > before;
      });
      expect(await world.restart()).toEqual({ uid: nobody, groups: [nobody] });
      daemon.signal('SIGTERM');
      expect(await daemon.ended).toEqual({ code: 0, signal: null });
    },
  );

  scenarioTest('has other groups: they count from the next start on', async ({ sandbox }) => {
    const world = await World.start(sandbox);
    const { names } = world;
    expect(await world.restart()).toEqual({ uid: nobody, groups: [nobody] });
    names.set({ groups: '+4242' });
    await waitFor('the group', async () => (await world.restart()).groups.includes(4242));
    // A configuration that is read asks at once.
    names.set({ groups: '+4243' });
    await world.rpc('reloadConfig');
    expect(await world.restart()).toEqual({ uid: nobody, groups: [4243, nobody] });
  });

  scenarioTest(
    'fails at the start: programs wait until it answers, and are not FATAL',
    async ({ sandbox }) => {
      const world = await World.start(sandbox, { groups: EIO });
      const { names, daemon } = world;
      await expect(world.rpc('startProcess', 'web', true)).rejects.toThrow('SPAWN_ERROR: web');
      const spawnerr = `couldn't setuid to ${nobody}: cannot look up uid ${nobody}: EIO`;
      expect(await world.info()).toMatchObject({ statename: 'BACKOFF', spawnerr });
      names.set({});
      await daemon.output.match(/web could be started after \d+ failed attempts/);
      expect(await world.info()).toMatchObject({ statename: 'RUNNING' });
      expect(daemon.output.text).not.toContain('FATAL');
      names.set({ users: EIO });
      expect(await world.restart()).toEqual({ uid: nobody, groups: [nobody] });
    },
  );

  scenarioTest(
    'fails: a name that cannot be looked up is not taken for one that is not there',
    async ({ sandbox }) => {
      const names = new NameService(sandbox.directory);
      const { configFile } = writeConfig(sandbox, programs);
      const refusal = async (behaviour: Parameters<NameService['set']>[0]): Promise<string> => {
        names.set(behaviour);
        const { code, stderr } = await runProgram(ours.supervisord, ['-n', '-c', configFile], {
          env: { ...sandbox.env, ...names.env },
          cwd: sandbox.directory,
        });
        expect(code).toBe(2);
        return stderr.split('\n')[0] ?? '';
      };
      expect(await refusal({ users: EIO })).toMatch(
        /^Error: cannot look up user nobody: EIO in section 'program:web'/,
      );
      expect(await refusal({ users: 'absent' })).toMatch(
        /^Error: Invalid user name nobody in section 'program:web'/,
      );
    },
  );
});
