/** A daemon under test with the programs of one scenario, and short ways to look at both. */
import { readFileSync } from 'node:fs';

import { describe } from 'vitest';

import { programLines } from '../../helpers/activity-log.ts';
import { writeConfig } from '../../helpers/config.ts';
import type { ScenarioConfig } from '../../helpers/config.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import type { ForegroundDaemon } from '../../helpers/daemon.ts';
import { flavours } from '../../helpers/flavours.ts';
import type { Flavour } from '../../helpers/flavours.ts';
import type { ProgramEnd } from '../../helpers/run-program.ts';
import type { Sandbox } from '../../helpers/sandbox.ts';
import { waitFor } from '../../helpers/wait.ts';
import { callRpc } from '../../helpers/xml-rpc.ts';
import type { RpcValue } from '../../helpers/xml-rpc.ts';

/** The members of `getProcessInfo` that scenarios look at. */
export interface ProcessInfo {
  readonly name: string;
  readonly group: string;
  readonly pid: number;
  readonly statename: string;
  readonly exitstatus: number;
  readonly spawnerr: string;
  readonly description: string;
  readonly stdout_logfile: string;
  readonly stderr_logfile: string;
}

export class Supervised {
  readonly sandbox: Sandbox;
  readonly config: ScenarioConfig;
  readonly daemon: ForegroundDaemon;

  private constructor(sandbox: Sandbox, config: ScenarioConfig, daemon: ForegroundDaemon) {
    this.sandbox = sandbox;
    this.config = config;
    this.daemon = daemon;
  }

  /** Starts the daemon in the foreground with these program sections; see `writeConfig`. */
  static async start(
    sandbox: Sandbox,
    flavour: Flavour,
    programs: string,
    daemonOptions = '',
  ): Promise<Supervised> {
    const config = writeConfig(sandbox, programs, daemonOptions);
    const daemon = await startDaemon(sandbox, flavour, { configFile: config.configFile });
    return new Supervised(sandbox, config, daemon);
  }

  rpc(method: string, ...params: readonly RpcValue[]): Promise<RpcValue> {
    return callRpc(this.config.api, `supervisor.${method}`, params);
  }

  async info(name: string): Promise<ProcessInfo> {
    return (await this.rpc('getProcessInfo', name)) as unknown as ProcessInfo;
  }

  /** Waits for a line of the activity log, from `mark` on. */
  async logged(pattern: RegExp, mark = 0): Promise<void> {
    await this.daemon.output.match(pattern, mark);
  }

  /** Waits until each of these has said that it entered RUNNING. */
  async running(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      await this.logged(new RegExp(`success: ${name} entered RUNNING state`));
    }
  }

  /** Where the activity log stands now. */
  mark(): number {
    return this.daemon.output.text.length;
  }

  /**
   * What the activity log says of the programs, made comparable. Lines that come as often as it takes, such as
   * "waiting for x to stop", are left out.
   *
   * Waits until the file and its copy on stdout agree: whoever was told of something by one of them, or by the
   * API, finds it in here.
   */
  async log(): Promise<readonly string[]> {
    const text = await waitFor('the activity log and its copy on stdout to agree', () => {
      const file = readFileSync(this.config.logfile, 'utf8');
      return file === this.daemon.output.text && file;
    });
    const lines = programLines(text, this.sandbox.directory);
    return lines.filter((line) => !/^INFO waiting for .* to (stop|die)$/.test(line));
  }

  /** Ends the daemon and waits for it. */
  end(signal: NodeJS.Signals): Promise<ProgramEnd> {
    this.daemon.signal(signal);
    return this.daemon.ended;
  }
}

/**
 * The same scenarios on the original, which shows that they are right, and on ours; or on ours alone, where it is meant to
 * be better.
 */
export function onEachDaemon(
  title: string,
  scenarios: (flavour: Flavour) => void,
  chosen: readonly Flavour[] = flavours,
): void {
  for (const flavour of chosen) {
    const reason = flavour.supervisordMissing;
    const name = `${title}, ${flavour.name} supervisord`;
    describe.skipIf(reason !== null).concurrent(reason === null ? name : `${name} (${reason})`, () => {
      scenarios(flavour);
    });
  }
}
