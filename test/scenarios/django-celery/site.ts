/**
 * One running copy of `examples/django-celery`: copied into a sandbox, with ports of its own, driven by the
 * daemon and the control program of a combination.
 */
import { cpSync, existsSync } from 'node:fs';

import { runCtl, startCtl } from '../../helpers/ctl.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import type { ForegroundDaemon } from '../../helpers/daemon.ts';
import type { Flavour } from '../../helpers/flavours.ts';
import { freePort } from '../../helpers/free-port.ts';
import { httpGet } from '../../helpers/http.ts';
import type { HttpAnswer, HttpRequest } from '../../helpers/http.ts';
import { projectRoot } from '../../helpers/flavours.ts';
import { runProgram } from '../../helpers/run-program.ts';
import type { ProgramResult, RunningProgram } from '../../helpers/run-program.ts';
import type { Sandbox } from '../../helpers/sandbox.ts';
import { waitFor } from '../../helpers/wait.ts';

/** Which daemon, and which control program talks to it. */
export interface Combination {
  readonly daemon: Flavour;
  readonly ctl: Flavour;
}

export const adminCredentials = { username: 'admin', password: 'change-me' };

export class Site {
  readonly sandbox: Sandbox;
  readonly daemon: ForegroundDaemon;
  readonly #combination: Combination;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(
    sandbox: Sandbox,
    daemon: ForegroundDaemon,
    combination: Combination,
    env: Readonly<Record<string, string>>,
  ) {
    this.sandbox = sandbox;
    this.daemon = daemon;
    this.#combination = combination;
    this.#env = env;
  }

  /** Copies the example and starts the daemon as its README says; programs are still starting afterwards. */
  static async start(sandbox: Sandbox, combination: Combination): Promise<Site> {
    cpSync(`${projectRoot}/examples/django-celery`, sandbox.path('site'), {
      recursive: true,
      filter: (source) => !/\/(run|__pycache__)$/.test(source),
    });
    const env = await siteEnvironment(sandbox);
    const daemon = await startDaemon(sandbox, combination.daemon, {
      configFile: 'supervisord.conf',
      cwd: sandbox.path('site'),
      env,
    });
    return new Site(sandbox, daemon, combination, env);
  }

  /** A path below the site's run folder. */
  run(name: string): string {
    return this.sandbox.path('run', name);
  }

  get(path: string): Promise<HttpAnswer> {
    return httpGet({ port: Number(this.#env['SITE_PORT']) }, path);
  }

  /** The dashboard's server. */
  admin(path: string, credentials?: HttpRequest['credentials']): Promise<HttpAnswer> {
    const options = credentials === undefined ? {} : { credentials };
    return httpGet({ port: Number(this.#env['SITE_ADMIN_PORT']) }, path, options);
  }

  /** The front page, once somebody serves it. */
  page(): Promise<string> {
    return waitFor('the front page', async () => {
      const answer = await this.get('/');
      return answer.status === 200 && answer.body;
    });
  }

  /** Lets Celery add two numbers. */
  async add(x: number, y: number): Promise<{ readonly sum: number; readonly worker_pid: number }> {
    const answer = await this.get(`/add/${x}/${y}`);
    return JSON.parse(answer.body) as { readonly sum: number; readonly worker_pid: number };
  }

  ctl(...args: readonly string[]): Promise<ProgramResult> {
    return runCtl(this.sandbox, this.#combination.ctl, args, this.#ctlOptions());
  }

  startCtl(...args: readonly string[]): RunningProgram {
    return startCtl(this.sandbox, this.#combination.ctl, args, this.#ctlOptions());
  }

  async pidOf(name: string): Promise<number> {
    const { stdout } = await this.ctl('pid', name);
    return Number(stdout);
  }

  /** Where the activity log stands now; for {@link logged}. */
  mark(): number {
    return this.daemon.output.text.length;
  }

  /** Waits for a line of the activity log after `mark`. */
  async logged(pattern: RegExp, mark = 0): Promise<void> {
    await this.daemon.output.match(pattern, mark);
  }

  exists(name: string): boolean {
    return existsSync(this.run(name));
  }

  #ctlOptions(): { readonly configFile: string; readonly env: Readonly<Record<string, string>> } {
    return { configFile: this.sandbox.path('site', 'supervisord.conf'), env: this.#env };
  }
}

/** What `. ./site.env` exports, with a run folder and ports that collide with nobody's. */
async function siteEnvironment(sandbox: Sandbox): Promise<Readonly<Record<string, string>>> {
  const chosen = {
    ...sandbox.env,
    SITE_RUN: sandbox.path('run'),
    SITE_PORT: String(await freePort()),
    REDIS_PORT: String(await freePort()),
    SITE_ADMIN_PORT: String(await freePort()),
  };
  const { stdout, stderr, code } = await runProgram('/bin/sh', ['-ec', '. ./site.env; env -0'], {
    cwd: sandbox.path('site'),
    env: chosen,
  });
  if (code !== 0) {
    throw new Error(`cannot read site.env: ${stderr}`);
  }
  const entries = stdout
    .split('\0')
    .filter((entry) => entry.startsWith('SITE_') || entry.startsWith('REDIS_'));
  return Object.fromEntries(
    entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
}
