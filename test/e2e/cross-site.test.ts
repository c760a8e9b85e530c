/** What a page of another site can make a visitor's browser do: nothing but ask. */
import { createServer, type IncomingHttpHeaders } from 'node:http';

import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';

import { freePort } from '../helpers/free-port.ts';
import { describeInBrowser, theBrowser } from './browser.ts';
import { dashboardTest, steady } from './dashboard.ts';

/** A plain name of one label, which leads to this machine: no secure context, so browsers send the least there. */
const name = 'supervisor-host';

const tricks: Readonly<Record<string, (page: Page, target: string) => Promise<void>>> = {
  link: async (page, target) => {
    await page.setContent(`<a href="${target}" rel="noreferrer">x</a>`);
    await page.click('a');
  },
  image: async (page, target) => page.setContent(`<img src="${target}" referrerpolicy="no-referrer">`),
  form: async (page, target) => {
    const { searchParams, origin } = new URL(target);
    const fields = [...searchParams].map(([key, value]) => `<input name="${key}" value="${value}">`).join('');
    await page.setContent(
      `<meta name="referrer" content="no-referrer"><form action="${origin}/index.html">${fields}<button>x</button></form>`,
    );
    await page.click('button');
  },
  'posted form': async (page, target) => {
    const { searchParams, origin } = new URL(target);
    const fields = [...searchParams].map(([key, value]) => `<input name="${key}" value="${value}">`).join('');
    await page.setContent(
      `<meta name="referrer" content="no-referrer"><form method="post" action="${origin}/index.html">${fields}<button>x</button></form>`,
    );
    await page.click('button');
  },
  'fetch that gives itself another name': async (page, target) => {
    await page.evaluate(
      (url) =>
        fetch(url, {
          mode: 'no-cors',
          referrerPolicy: 'no-referrer',
          credentials: 'omit',
          headers: { 'User-Agent': 'curl/7.88.1' },
        }).catch(() => undefined),
      target,
    );
  },
  frame: async (page, target) =>
    page.setContent(`<iframe src="${target}" referrerpolicy="no-referrer"></iframe>`),
};

describeInBrowser('a page of another site', () => {
  dashboardTest('makes no browser stop a program', async ({ startDashboard }) => {
    const dashboard = await startDashboard({ programs: `[program:web]\ncommand=${steady}\nstartsecs=0\n` });
    const evilPort = await freePort();
    const evil = createServer((_request, response) => response.end('<!doctype html><p>evil</p>'));
    await new Promise<void>((resolve) => evil.listen(evilPort, '127.0.0.1', resolve));
    const context = await (await theBrowser()).newContext();
    try {
      const target = `http://${name}:${dashboard.port}/index.html?processname=web&action=stop`;
      for (const [trick, play] of Object.entries(tricks)) {
        const page = await context.newPage();
        await page.goto(`http://evil.example:${evilPort}/`);
        const answered = page.waitForResponse((response) =>
          response.url().includes(`:${dashboard.port}/index.html`),
        );
        const failed = page.waitForEvent('requestfailed').catch(() => null);
        await play(page, target);
        await Promise.race([answered, failed]);
        const info = (await dashboard.rpc('getProcessInfo', 'web')) as { readonly statename: string };
        expect(info.statename, trick).toBe('RUNNING');
        await page.close();
      }
    } finally {
      await context.close();
      evil.closeAllConnections();
      await new Promise((resolve) => evil.close(resolve));
    }
  });

  it('cannot hide that a browser asks', async () => {
    const seen: IncomingHttpHeaders[] = [];
    const port = await freePort();
    const server = createServer((request, response) => {
      seen.push(request.headers);
      response.end('x');
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const context = await (await theBrowser()).newContext();
    try {
      const page = await context.newPage();
      await page.goto(`http://${name}:${port}/`);
      await page.evaluate(() =>
        fetch('/x', { headers: { 'User-Agent': 'curl' }, referrerPolicy: 'no-referrer' }),
      );
      expect(seen.length).toBeGreaterThan(1);
      expect(seen.every((headers) => headers['user-agent']?.includes('Mozilla/') === true)).toBe(true);
    } finally {
      await context.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
