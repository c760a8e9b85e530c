/** A daemon with a dashboard, and a browser that looks at it. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';

import type { BrowserContext, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

import { startDaemon, type ForegroundDaemon } from '../helpers/daemon.ts';
import { ours } from '../helpers/flavours.ts';
import { freePort } from '../helpers/free-port.ts';
import type { HttpTarget } from '../helpers/http.ts';
import type { Sandbox } from '../helpers/sandbox.ts';
import { scenarioTest } from '../helpers/scenario-test.ts';
import { deadlineMs } from '../helpers/wait.ts';
import { callRpc } from '../helpers/xml-rpc.ts';
import { desktopLight, viewports, type Appearance } from './appearance.ts';
import { theBrowser } from './browser.ts';

/** Kept to be looked at; ignored by git. */
const screenshotFolder = path.join(import.meta.dirname, 'screenshots');

interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface DashboardOptions {
  /** Sections of programs; `%(here)s` is the sandbox. */
  readonly programs: string;
  readonly appearance?: Appearance;
  /** What the server asks for, and the browser answers. */
  readonly credentials?: Credentials;
}

/** Says what it hears, and hears HUP. Cheap enough to run many. */
export const steady = `/bin/sh -c 'trap "echo had a HUP" HUP; echo ready; while :; do read -r line && echo "heard $line"; done'`;

class Dashboard {
  readonly sandbox: Sandbox;
  readonly port: number;
  readonly page: Page;
  readonly appearance: Appearance;
  daemon: ForegroundDaemon;
  /** What a browser complains of, requests to other hosts among it. */
  readonly complaints: string[] = [];
  readonly #context: BrowserContext;

  private constructor(
    sandbox: Sandbox,
    port: number,
    daemon: ForegroundDaemon,
    context: BrowserContext,
    page: Page,
    appearance: Appearance,
  ) {
    this.sandbox = sandbox;
    this.port = port;
    this.daemon = daemon;
    this.page = page;
    this.appearance = appearance;
    this.#context = context;
    page.on('console', (message) => {
      // A connection that is closed as idle in the very moment it is used: the page asks again.
      if (message.type() === 'error' && !message.text().includes('net::ERR_EMPTY_RESPONSE')) {
        this.complaints.push(`${message.text()} ${message.location().url}`);
      }
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('request', (request) => {
      if (new URL(request.url()).hostname !== '127.0.0.1') {
        this.complaints.push(`request to ${request.url()}`);
      }
    });
  }

  static async start(sandbox: Sandbox, options: DashboardOptions): Promise<Dashboard> {
    const port = await freePort();
    writeDashboardConfig(sandbox, port, options);
    const daemon = await startDaemon(sandbox, ours, { configFile: sandbox.path('supervisord.conf') });
    const appearance = options.appearance ?? desktopLight;
    const context = await (
      await theBrowser()
    ).newContext({
      viewport: viewports[appearance.size],
      colorScheme: appearance.colorScheme,
      reducedMotion: 'reduce',
      hasTouch: appearance.size === 'phone',
      ...(options.credentials && { httpCredentials: options.credentials }),
    });
    context.setDefaultTimeout(deadlineMs);
    return new Dashboard(sandbox, port, daemon, context, await context.newPage(), appearance);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/`;
  }

  get api(): HttpTarget {
    return { port: this.port };
  }

  /** Opens a view by its fragment, and waits until the page is connected. */
  async open(fragment = '#/'): Promise<Page> {
    await this.page.goto(`${this.url}${fragment}`);
    await this.connected();
    return this.page;
  }

  async connected(): Promise<void> {
    await this.page.locator('.connection-open').waitFor();
  }

  row(name: string): Locator {
    return this.page.locator(`.row[data-process="${name}"]`);
  }

  /** Waits until a row says that its process is in this state. */
  async inState(name: string, state: string): Promise<void> {
    await this.row(name).locator('.state', { hasText: state }).waitFor();
  }

  rpc(method: string, ...parameters: readonly (string | number | boolean)[]): Promise<unknown> {
    return callRpc(this.api, `supervisor.${method}`, parameters);
  }

  async screenshot(name: string): Promise<void> {
    mkdirSync(screenshotFolder, { recursive: true });
    const { size, colorScheme } = this.appearance;
    await this.page.screenshot({ path: path.join(screenshotFolder, `${name}-${size}-${colorScheme}.png`) });
  }

  /** Starts the daemon again, after it has ended, where it was. */
  async startAgain(): Promise<void> {
    this.daemon = await startDaemon(this.sandbox, ours, {
      configFile: this.sandbox.path('supervisord.conf'),
    });
  }

  async close(): Promise<void> {
    await this.#context.close();
    expect(this.complaints, 'what the browser complained of').toEqual([]);
  }
}

/** Writes the configuration anew, for a daemon that is to read it (again). */
export function writeDashboardConfig(sandbox: Sandbox, port: number, options: DashboardOptions): void {
  sandbox.write(
    'supervisord.conf',
    `[supervisord]
logfile=%(here)s/supervisord.log
pidfile=%(here)s/supervisord.pid
childlogdir=%(here)s

[inet_http_server]
port=127.0.0.1:${port}
${options.credentials === undefined ? '' : `username=${options.credentials.username}\npassword=${options.credentials.password}`}

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

${options.programs}
`,
  );
}

type StartDashboard = (options: DashboardOptions) => Promise<Dashboard>;

/** A test with dashboards of its own; it fails when a browser complained of anything. */
export const dashboardTest = scenarioTest.extend<{ startDashboard: StartDashboard }>({
  startDashboard: async ({ sandbox }, use) => {
    const dashboards: Dashboard[] = [];
    await use(async (options) => {
      const dashboard = await Dashboard.start(sandbox, options);
      dashboards.push(dashboard);
      return dashboard;
    });
    try {
      for (const dashboard of dashboards) {
        await dashboard.close();
      }
    } finally {
      // A failure here would keep the sandbox's own end from being reached.
      await sandbox.close();
    }
  },
});
