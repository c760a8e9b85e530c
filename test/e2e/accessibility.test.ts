/** Every view in every size and scheme, checked by axe and kept as a picture. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';

import { allAppearances } from './appearance.ts';
import { describeInBrowser } from './browser.ts';
import { dashboardTest, steady } from './dashboard.ts';

const programs = `[program:web]
command=${steady}
startsecs=0
environment=PORT="8080"

[program:mailer]
command=/nonexistent/mailer
startretries=0

[program:worker]
command=${steady}
process_name=%(program_name)s_%(process_num)02d
numprocs=2
`;

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** What axe finds, in short. Scripts of the driver are not subject to the page's Content-Security-Policy. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate<readonly Violation[]>('axe.run().then((result) => result.violations)');
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ''}`),
  );
}

describeInBrowser('accessibility', () => {
  describe.each(allAppearances)('$name', (appearance) => {
    dashboardTest('no view has a violation', async ({ startDashboard }) => {
      const dashboard = await startDashboard({ programs, appearance });
      const page = await dashboard.open();
      await dashboard.inState('mailer', 'FATAL');
      await dashboard.inState('web', 'RUNNING');
      await dashboard.row('web').locator('.cell-memory .figure', { hasText: 'B' }).waitFor();
      await page.getByLabel('Select web', { exact: true }).check();
      expect(await violations(page), 'overview').toEqual([]);
      await dashboard.screenshot('view-overview');

      await page.keyboard.press('t');
      await page.getByText('Stopped web').waitFor();
      expect(await violations(page), 'message').toEqual([]);
      await page.keyboard.press('z');
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
      expect(await violations(page), 'help').toEqual([]);
      await page.keyboard.press('Escape');

      await page.goto(`${dashboard.url}#/program/web`);
      await page.locator('.chart canvas').first().waitFor();
      await page.getByRole('table', { name: 'Options' }).waitFor();
      await page.getByRole('log').getByText('ready').first().waitFor();
      expect(await violations(page), 'program').toEqual([]);
      await dashboard.screenshot('view-program');

      await page.goto(`${dashboard.url}#/logs/web%2Fstdout,worker%3Aworker_00%2Fstdout`);
      await page.getByRole('log').getByText('ready').nth(1).waitFor();
      await page.getByLabel('Search the log').fill('ready');
      expect(await violations(page), 'logs').toEqual([]);
      await dashboard.screenshot('view-logs');

      await page.goto(`${dashboard.url}#/timeline`);
      await page.locator('.entry').first().waitFor();
      expect(await violations(page), 'timeline').toEqual([]);
      await dashboard.screenshot('view-timeline');

      await page.goto(`${dashboard.url}#/activity`);
      await page.getByRole('log').getByText('spawned').first().waitFor();
      expect(await violations(page), 'activity').toEqual([]);
      await dashboard.screenshot('view-activity');

      await page.goto(`${dashboard.url}#/configuration`);
      await page.getByRole('button', { name: 'Reread' }).click();
      await page.getByText('Nothing has changed.').waitFor();
      expect(await violations(page), 'configuration').toEqual([]);
      await dashboard.screenshot('view-configuration');
    });
  });
});
