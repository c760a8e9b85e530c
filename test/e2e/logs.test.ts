/** Logs, as somebody looks for something in them. */
import { appendFileSync, closeSync, openSync, statSync, writeSync } from 'node:fs';

import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';

import { waitFor } from '../helpers/wait.ts';
import { bothSizes } from './appearance.ts';
import { describeInBrowser } from './browser.ts';
import { dashboardTest } from './dashboard.ts';

/** Says a line whenever the file `say-NAME` has a new one. */
function talker(name: string): string {
  return `[program:${name}]
command=/bin/sh -c 'touch %(here)s/say-${name}; echo "${name} is ready"; exec tail -n +1 -f %(here)s/say-${name}'
stdout_logfile=%(here)s/${name}.log
`;
}

const complainer = `[program:complainer]
command=/bin/sh -c 'echo to stdout; echo to stderr >&2; exec sleep 1000'
`;

const lines = (page: Page) => page.getByRole('log').locator('.log-line');

describeInBrowser('logs', () => {
  describe.each(bothSizes)('$name', (appearance) => {
    dashboardTest('are followed, paused, and followed again', async ({ startDashboard, sandbox }) => {
      const dashboard = await startDashboard({ programs: talker('one'), appearance });
      const page = await dashboard.open('#/logs/one%2Fstdout');
      const log = page.getByRole('log');
      await log.getByText('one is ready').waitFor();
      appendFileSync(sandbox.path('say-one'), 'first news\n');
      await log.getByText('first news').waitFor();

      await page.getByRole('button', { name: 'Live', exact: true }).click();
      appendFileSync(sandbox.path('say-one'), 'second news\n');
      await page.getByRole('button', { name: 'Follow (1 new line)' }).waitFor();
      expect(await log.getByText('second news').count()).toBe(0);
      await page.getByRole('button', { name: /^Follow/ }).click();
      await log.getByText('second news').waitFor();
      expect(await lines(page).allTextContents()).toEqual(['one is ready', 'first news', 'second news']);
    });

    dashboardTest(
      'of several programs are merged by time, both streams told apart',
      async ({ startDashboard }) => {
        const dashboard = await startDashboard({
          programs: `${talker('one')}${talker('two')}${complainer}`,
          appearance,
        });
        const page = await dashboard.open('#/logs/');
        for (const name of ['one', 'two', 'complainer', 'complainer stderr']) {
          await page.getByRole('button', { name, exact: true }).click();
        }
        await page.getByRole('log').getByText('to stderr').waitFor();
        const shown = (await lines(page).allTextContents()).toSorted();
        expect(shown).toEqual([
          'complainer stderrto stderr',
          'complainerto stdout',
          'oneone is ready',
          'twotwo is ready',
        ]);
        expect(await page.locator('.log-error').allTextContents()).toEqual(['complainer stderrto stderr']);
        await dashboard.screenshot('merged');
      },
    );

    dashboardTest(
      'are searched, filtered and wrapped; colours are shown',
      async ({ startDashboard, sandbox }) => {
        const text = Array.from({ length: 300 }, (_, index) =>
          index % 100 === 50 ? `\u001B[1;31mERROR\u001B[0m number ${index}` : `info number ${index}`,
        ).join('\n');
        sandbox.write('one.log', `${text}\n${'long '.repeat(400)}\n`);
        const dashboard = await startDashboard({ programs: talker('one'), appearance });
        const page = await dashboard.open('#/logs/one%2Fstdout');
        await page.getByRole('log').getByText('one is ready').waitFor();

        const search = page.getByLabel('Search the log');
        await search.fill('error number');
        await page.getByRole('status').filter({ hasText: '3 lines match' }).waitFor();
        await search.press('Enter');
        const current = page.locator('.log-current');
        await waitFor('the last match', async () => (await current.textContent()) === 'ERROR number 250');
        expect(await current.locator('mark').allTextContents()).toEqual(['ERROR', ' number']);
        const colour = await current.locator('.fg-red').evaluate((span) => getComputedStyle(span).color);
        expect(colour).not.toBe(await current.evaluate((line) => getComputedStyle(line).color));
        await search.press('Enter');
        await waitFor('the match before', async () => (await current.textContent()) === 'ERROR number 150');
        await page.getByRole('button', { name: 'Next match' }).click();
        await waitFor('the match after', async () => (await current.textContent()) === 'ERROR number 250');

        await page.getByRole('button', { name: 'Only lines that match' }).click();
        await waitFor('matches only', async () => (await lines(page).count()) === 3);
        await page.getByRole('button', { name: 'Regular expression' }).click();
        await search.fill('number (15|25)0');
        await waitFor('fewer matches', async () => (await lines(page).count()) === 2);
        await search.fill('(');
        expect(await search.getAttribute('aria-invalid')).toBe('true');
        await dashboard.screenshot('search');
        await search.press('Escape');

        await page.getByRole('button', { name: /^Follow/ }).click();
        await page.getByRole('log').getByText('one is ready').waitFor();

        const list = page.getByRole('log');
        const overflows = () => list.evaluate((element) => element.scrollWidth > element.clientWidth);
        expect(await overflows()).toBe(false);
        await page.getByRole('button', { name: 'Wrap long lines' }).click();
        await waitFor('a line that is not wrapped', overflows);
      },
    );

    dashboardTest('can be downloaded whole', async ({ startDashboard, sandbox }) => {
      sandbox.write('one.log', 'all\nof it\n');
      const dashboard = await startDashboard({ programs: talker('one'), appearance });
      const page = await dashboard.open('#/logs/one%2Fstdout');
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Download the log' }).click(),
      ]);
      const stream = await download.createReadStream();
      const chunks: Buffer[] = [];
      for await (const chunk of stream) {
        chunks.push(chunk as Buffer);
      }
      expect(Buffer.concat(chunks).toString()).toMatch(/^all\nof it\n/);
    });
  });

  dashboardTest('that never stop leave the page usable', async ({ startDashboard }) => {
    const dashboard = await startDashboard({ programs: flood });
    const page = await dashboard.open('#/program/flood');
    await page.getByRole('log').getByText('a line of a program').first().waitFor();
    await page.getByRole('button', { name: 'Live', exact: true }).click();
    await page.getByRole('button', { name: /^Follow \([\d,]{5,} new lines\)$/ }).waitFor();
    expect(await page.locator('.log-line').count()).toBeLessThan(2000);
    await page.getByRole('button', { name: /^Follow/ }).click();
    await page.getByRole('button', { name: 'Live', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Stop flood' }).click();
    await page.locator('.program-header .state', { hasText: 'STOPPED' }).waitFor();
  });

  dashboardTest(
    'of 100 MB are read in pieces: little is held, any time is found',
    async ({ startDashboard, sandbox }) => {
      const bytes = writeLargeLog(sandbox.path('one.log'));
      expect(bytes).toBeGreaterThan(100 * 1024 * 1024);
      const dashboard = await startDashboard({
        programs: `${talker('one')}stdout_logfile_maxbytes=0\n`,
      });
      let received = 0;
      dashboard.page.on('response', (response) => {
        received += Number(response.headers()['content-length'] ?? 0);
      });
      const page = await dashboard.open('#/logs/one%2Fstdout');
      const log = page.getByRole('log');
      await log.getByText('one is ready').waitFor();

      // A little back, by the wheel.
      await log.hover();
      await page.mouse.wheel(0, -200_000);
      await page.getByRole('button', { name: /^Follow/ }).waitFor();

      // Somewhere in the middle, by the time.
      await page.getByRole('button', { name: 'Jump to a time' }).click();
      await page.getByLabel('Jump to', { exact: true }).fill('2026-01-08T12:34:56');
      await page.getByRole('button', { name: 'Jump', exact: true }).click();
      const found = page.locator('.log-current');
      await found.waitFor();
      expect(await found.textContent()).toMatch(/^2026-01-08 12:34:56 /);

      // On from there, and back to the end.
      await log.focus();
      await page.keyboard.press('PageDown');
      await page.getByRole('button', { name: /^Follow/ }).click();
      await log.getByText('one is ready').waitFor();

      expect(received).toBeLessThan(8 * 1024 * 1024);
      expect(await page.locator('*').count()).toBeLessThan(12_000);
    },
  );
});

/** Says more than a page could show, and more than a disk should keep. */
const flood = `[program:flood]
command=/usr/bin/yes a line of a program that never stops talking
stdout_logfile_maxbytes=5MB
stdout_logfile_backups=1
`;

/** A line a second for weeks. */
function writeLargeLog(file: string): number {
  const fd = openSync(file, 'w');
  const start = new Date(2026, 0, 1).getTime();
  const linesPerWrite = 10_000;
  for (let index = 0; index < 1_400_000; index += linesPerWrite) {
    const part = Array.from({ length: linesPerWrite }, (_, offset) => {
      const date = new Date(start + (index + offset) * 1000);
      return `${localTime(date)} INFO request ${index + offset} was answered with some ${'padding '.repeat(3)}\n`;
    });
    writeSync(fd, part.join(''));
  }
  closeSync(fd);
  return statSync(file).size;
}

function localTime(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return (
    `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ` +
    `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  );
}
