/** A program's own page. */
import { describe, expect } from 'vitest';

import { bothSizes } from './appearance.ts';
import { describeInBrowser } from './browser.ts';
import { dashboardTest, steady } from './dashboard.ts';

const programs = `[program:web]
command=${steady}
startsecs=0
environment=PORT="8080",API_TOKEN="hush-hush"
autorestart=unexpected
`;

describeInBrowser('page of a program', () => {
  describe.each(bothSizes)('$name', (appearance) => {
    dashboardTest(
      'shows its states, configuration, environment, usage and logs',
      async ({ startDashboard }) => {
        const dashboard = await startDashboard({ programs, appearance });
        const chartRequests: string[] = [];
        dashboard.page.on('request', (request) => {
          if (request.url().includes('chart')) {
            chartRequests.push(request.url());
          }
        });
        const page = await dashboard.open();
        await dashboard.inState('web', 'RUNNING');
        expect(chartRequests, 'charts are loaded on demand').toEqual([]);
        await dashboard.row('web').getByRole('link').click();
        await page.getByRole('heading', { name: 'web', exact: true }).waitFor();
        await page.getByRole('button', { name: 'Stop web' }).click();
        await page.locator('.program-header .state', { hasText: 'STOPPED' }).waitFor();
        await page.getByRole('button', { name: 'Start web', exact: true }).click();
        await page.locator('.program-header .state', { hasText: 'RUNNING' }).waitFor();

        const changes = page.locator('.changes li');
        await changes.filter({ hasText: 'STOPPED' }).first().waitFor();
        expect((await changes.allTextContents()).join('\n')).toMatch(/STOP(?:PING|PED).*stop through/);

        const settings = page.getByRole('table', { name: 'Options' });
        expect(await settings.getByRole('row', { name: /^autorestart/ }).textContent()).toMatch(
          /unexpectedsupervisord\.conf:\d+/,
        );
        expect(await settings.getByRole('row', { name: /^startretries/ }).textContent()).toContain('default');
        const variables = page.getByRole('table', { name: 'Variables' });
        expect(await variables.getByRole('row', { name: /^PORT/ }).textContent()).toContain('8080');
        expect(await page.content()).not.toContain('hush-hush');
        expect(await variables.getByRole('row', { name: /^API_TOKEN/ }).count()).toBe(1);

        await page.locator('.chart canvas').first().waitFor();
        expect(chartRequests.length).toBeGreaterThan(0);
        await page.locator('.facts', { hasText: /Memory\d/ }).waitFor();
        await dashboard.screenshot('program');
      },
    );

    dashboardTest('sends lines to stdin and shows what comes of it', async ({ startDashboard }) => {
      const dashboard = await startDashboard({ programs, appearance });
      const page = await dashboard.open('#/program/web');
      const log = page.getByRole('log');
      await log.getByText('ready').waitFor();
      await page.getByLabel('Line for stdin').fill('hello <b>there</b>');
      await page.getByRole('button', { name: 'Send', exact: true }).click();
      await log.getByText('heard hello <b>there</b>').waitFor();
      await page.getByLabel('Line for stdin').press('ArrowUp');
      expect(await page.getByLabel('Line for stdin').inputValue()).toBe('hello <b>there</b>');
    });

    dashboardTest('clears its logs only after a question', async ({ startDashboard, sandbox }) => {
      const dashboard = await startDashboard({
        programs: `${programs}stdout_logfile=%(here)s/web.log\n`,
        appearance,
      });
      const page = await dashboard.open('#/program/web');
      await page.getByRole('log').getByText('ready').waitFor();
      await page.getByRole('button', { name: 'More for web' }).click();
      await page.getByRole('menuitem', { name: 'Clear logs' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
      expect(sandbox.read('web.log')).toContain('ready');
      await page.getByRole('button', { name: 'More for web' }).click();
      await page.getByRole('menuitem', { name: 'Clear logs' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Clear logs' }).click();
      await page.getByText('Cleared the logs of web').waitFor();
      expect(sandbox.read('web.log')).toBe('');
    });
  });

  dashboardTest('a program that does not exist is said so', async ({ startDashboard }) => {
    const dashboard = await startDashboard({ programs });
    const page = await dashboard.open('#/program/nobody');
    await page.getByRole('heading', { name: 'There is no program nobody' }).waitFor();
  });
});
