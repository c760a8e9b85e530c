/**
 * A running daemon with both control programs at hand.
 *
 * The daemon is a parameter: the same comparisons run on the original's and on ours.
 */
import { afterAll, beforeAll, describe, expect } from 'vitest';

import { writeConfig } from '../../helpers/config.ts';
import type { ScenarioConfig } from '../../helpers/config.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import type { ForegroundDaemon } from '../../helpers/daemon.ts';
import { flavours, original, ours } from '../../helpers/flavours.ts';
import type { Flavour } from '../../helpers/flavours.ts';
import { runProgram, startProgram } from '../../helpers/run-program.ts';
import type { ProgramResult, RunningProgram } from '../../helpers/run-program.ts';
import { Sandbox } from '../../helpers/sandbox.ts';
import { waitFor } from '../../helpers/wait.ts';
import { callRpc } from '../../helpers/xml-rpc.ts';
import type { RpcStruct, RpcValue } from '../../helpers/xml-rpc.ts';
import { normalizeResult } from './normalize.ts';
import { OriginalCtl } from './original-ctl.ts';

export interface RunOptions {
  /** What is typed. */
  readonly input?: string;
  /** Brings the daemon into the state that both programs shall meet. */
  readonly prepare?: () => Promise<unknown>;
  readonly configFile?: string;
}

export class Bench {
  readonly sandbox: Sandbox;
  readonly config: ScenarioConfig;
  readonly daemon: ForegroundDaemon;
  readonly #originalCtl: OriginalCtl;

  private constructor(sandbox: Sandbox, config: ScenarioConfig, daemon: ForegroundDaemon) {
    this.sandbox = sandbox;
    this.config = config;
    this.daemon = daemon;
    this.#originalCtl = new OriginalCtl(sandbox);
  }

  static async start(flavour: Flavour, programs: string): Promise<Bench> {
    const sandbox = new Sandbox();
    const config = writeConfig(sandbox, programs);
    const daemon = await startDaemon(sandbox, flavour, { configFile: config.configFile });
    return new Bench(sandbox, config, daemon);
  }

  async close(): Promise<void> {
    await this.#originalCtl.close();
    await this.sandbox.close();
  }

  call(method: string, ...params: RpcValue[]): Promise<RpcValue> {
    return callRpc(this.config.api, `supervisor.${method}`, params);
  }

  /** Waits until a process is in a state. */
  async reaches(name: string, state: string): Promise<void> {
    await waitFor(`${name} to be ${state}`, async () => {
      const info = (await this.call('getProcessInfo', name)) as RpcStruct;
      return info['statename'] === state;
    });
  }

  /** Waits until a process has written something. */
  async writes(name: string, text: string): Promise<void> {
    await waitFor(`${name} to write ${text}`, async () => {
      const log = await this.call('readProcessStdoutLog', name, 0, 0);
      return typeof log === 'string' && log.includes(text);
    });
  }

  /** Runs one control program; what it says comes back normalized. */
  async run(ctl: Flavour, args: readonly string[], options: RunOptions = {}): Promise<ProgramResult> {
    const { configFile = this.config.configFile, input = '' } = options;
    const { directory, env } = this.sandbox;
    await options.prepare?.();
    const all = ['-c', configFile, ...args];
    const result = await (ctl === original
      ? this.#originalCtl.run(all, input)
      : runProgram(ctl.supervisorctl, all, { env, cwd: directory, input }));
    return normalizeResult(result, directory);
  }

  /** Starts one control program that runs until it is ended; `input` is what is typed. */
  start(ctl: Flavour, args: readonly string[], input = ''): RunningProgram {
    const { sandbox, config } = this;
    const program = startProgram(ctl.supervisorctl, ['-c', config.configFile, ...args], {
      env: sandbox.env,
      cwd: sandbox.directory,
      input,
    });
    sandbox.adopt(program.pid);
    return program;
  }

  /** Runs the same command through both programs, expects them to agree, and returns what they say. */
  async both(args: readonly string[], options: RunOptions = {}): Promise<ProgramResult> {
    const first = this.run(original, args, options);
    // Side by side where they cannot get into each other's way.
    if (options.prepare !== undefined) {
      await first;
    }
    const [reference, result] = await Promise.all([first, this.run(ours, args, options)]);
    expect(result).toEqual(reference);
    return reference;
  }
}

/** Why the two control programs cannot be compared on a daemon, or null when they can. */
export function reasonAgainst(daemon: Flavour): string | null {
  return daemon.supervisordMissing ?? original.supervisorctlMissing ?? ours.supervisorctlMissing;
}

/** Declares tests on a running daemon, once for each daemon there is; visibly skipped where it cannot run. */
export function describeOnDaemons(
  title: string,
  programs: string,
  tests: (bench: () => Bench) => void,
  settle: (bench: Bench) => Promise<void> = () => Promise.resolve(),
): void {
  for (const daemon of flavours) {
    const reason = reasonAgainst(daemon);
    const full = `${title}, on ${daemon.name} supervisord`;
    describe.skipIf(reason !== null)(reason === null ? full : `${full} (${reason})`, () => {
      let bench: Bench | undefined;
      const current = (): Bench => {
        if (bench === undefined) {
          throw new Error('no daemon runs');
        }
        return bench;
      };
      beforeAll(async () => {
        bench = await Bench.start(daemon, programs);
        await settle(bench);
      });
      afterAll(async () => {
        await bench?.close();
      });
      tests(current);
    });
  }
}
