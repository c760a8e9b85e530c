/** A running daemon whose configuration is written anew. */
import { readFileSync, writeFileSync } from 'node:fs';

import { runCtl } from '../../helpers/ctl.ts';
import { ours } from '../../helpers/flavours.ts';
import type { ProgramResult } from '../../helpers/run-program.ts';
import type { Sandbox } from '../../helpers/sandbox.ts';
import { type ProcessInfo, Supervised } from '../lifecycle/supervised.ts';

export class Reloading {
  readonly supervised: Supervised;
  readonly #head: string;

  private constructor(supervised: Supervised, head: string) {
    this.supervised = supervised;
    this.#head = head;
  }

  static async start(sandbox: Sandbox, programs: string): Promise<Reloading> {
    const supervised = await Supervised.start(sandbox, ours, programs);
    const text = readFileSync(supervised.config.configFile, 'utf8');
    return new Reloading(supervised, text.slice(0, text.length - programs.length - 1));
  }

  /** Writes other program sections into the configuration file. */
  configure(programs: string): void {
    writeFileSync(this.supervised.config.configFile, `${this.#head}${programs}\n`);
  }

  ctl(...args: readonly string[]): Promise<ProgramResult> {
    const { sandbox, config } = this.supervised;
    return runCtl(sandbox, ours, args, config);
  }

  /** By namespec. */
  async processes(): Promise<ReadonlyMap<string, ProcessInfo>> {
    const all = (await this.supervised.rpc('getAllProcessInfo')) as unknown as readonly ProcessInfo[];
    return new Map(all.map((info) => [`${info.group}:${info.name}`, info]));
  }

  /** The pids of all processes, by namespec; 0 where nothing runs. */
  async pids(): Promise<Readonly<Record<string, number>>> {
    return Object.fromEntries([...(await this.processes())].map(([name, { pid }]) => [name, pid]));
  }
}
