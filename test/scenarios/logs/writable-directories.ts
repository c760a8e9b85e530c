/** A daemon that is root, and a program of an ordinary user who owns the directory it logs to and is up to no good. */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync } from 'node:fs';

import { ours } from '../../helpers/flavours.ts';
import type { Sandbox } from '../../helpers/sandbox.ts';
import { waitFor } from '../../helpers/wait.ts';
import { Supervised } from '../lifecycle/supervised.ts';

/** The ordinary user. */
export const strangerId = 65534;

/** Why nothing of this can be tried here; null: it can. */
export const strangerReason: string | null =
  process.getuid?.() === 0 ? ours.supervisordMissing : 'needs root to have somebody else';

/** Does what it is told to in its directory, and tells when that is done. */
const puppet = `/bin/sh -c 'while read -r line; do eval "$line"; done'`;

/** A directory in the sandbox that belongs to the ordinary user. */
export function makeForeignDirectory(sandbox: Sandbox, name: string): string {
  const directory = sandbox.path(name);
  mkdirSync(directory, { recursive: true });
  chownSync(directory, strangerId, strangerId);
  return directory;
}

/** A directory in the sandbox that everybody can write, as /tmp. */
export function makeSharedDirectory(sandbox: Sandbox, name: string): string {
  const directory = sandbox.path(name);
  mkdirSync(directory);
  chmodSync(directory, 0o1777);
  return directory;
}

/** Runs a command of the shell as the ordinary user. */
export function asStranger(script: string): void {
  execFileSync('/bin/sh', ['-ec', script], { uid: strangerId, gid: strangerId });
}

/** Runs one as whoever administers the machine. */
export function asRoot(script: string): void {
  execFileSync('/bin/sh', ['-ec', script]);
}

/** The program `app`, which does as it is told. */
export class Puppet {
  readonly supervised: Supervised;
  readonly #sandbox: Sandbox;
  #orders = 0;

  private constructor(supervised: Supervised, sandbox: Sandbox) {
    this.supervised = supervised;
    this.#sandbox = sandbox;
  }

  /** `log`: options of the program for its log. */
  static async start(sandbox: Sandbox, log: string, daemonOptions = ''): Promise<Puppet> {
    makeForeignDirectory(sandbox, 'done');
    const program = `[program:app]\ncommand=${puppet}\nuser=nobody\nstartsecs=0\nstartretries=0\nautorestart=false\n${log}\n`;
    const supervised = await Supervised.start(sandbox, ours, program, daemonOptions);
    await supervised.running('app');
    return new Puppet(supervised, sandbox);
  }

  /** Has it run a command of the shell as the ordinary user, and waits for the end of that. */
  async order(script: string): Promise<void> {
    this.#orders += 1;
    const done = this.#sandbox.path('done', String(this.#orders));
    await this.supervised.rpc('sendProcessStdin', 'app', `${script}; : > ${done}\n`);
    await waitFor(`the program to run ${script}`, () => existsSync(done));
  }

  /** Has it say something, and waits until that is the end of its log. */
  async say(log: string, text: string): Promise<void> {
    await this.order(`echo ${text}`);
    await waitFor(`${text} in ${log}`, () => contentOf(log)?.endsWith(`${text}\n`));
  }

  /** Has it say something again and again, so that the daemon looks at its log, until something has come true. */
  async talkUntil(what: string, isTrue: () => boolean): Promise<void> {
    await waitFor(what, async () => {
      await this.order('echo malicious');
      return isTrue();
    });
  }

  /** How often the daemon has said something. */
  said(pattern: RegExp): number {
    return this.supervised.daemon.output.text.match(new RegExp(pattern, 'g'))?.length ?? 0;
  }
}

/** What a file holds; null: there is none. */
export function contentOf(file: string): string | null {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}
