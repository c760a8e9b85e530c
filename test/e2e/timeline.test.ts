/** The timeline of events and the activity log. */
import { describe, expect } from 'vitest';

import { bothSizes } from './appearance.ts';
import { describeInBrowser } from './browser.ts';
import { dashboardTest, steady } from './dashboard.ts';

const programs = `[program:web]
command=${steady}

[program:crasher]
command=/bin/sh -c 'sleep 1.5; exit 3'
autorestart=true
stopasgroup=true
`;

describeInBrowser('timeline and activity log', () => {
  describe.each(bothSizes)('$name', (appearance) => {
    dashboardTest('tell of crashes, and who did what through which interface', async ({ startDashboard }) => {
      const dashboard = await startDashboard({ programs, appearance });
      const page = await dashboard.open('#/timeline');
      const entries = page.locator('.entry');
      await entries
        .filter({ hasText: 'crasher' })
        .filter({ hasText: 'exit status 3, not expected' })
        .first()
        .waitFor();
      await dashboard.rpc('stopProcess', 'web');
      await entries.filter({ hasText: 'web' }).filter({ hasText: 'through xml-rpc' }).first().waitFor();

      const onlyCrashes = page.getByRole('button', { name: 'Crashes' });
      await onlyCrashes.click();
      await entries.filter({ hasText: 'web' }).first().waitFor({ state: 'detached' });
      expect(new Set(await entries.locator('.entry-name').allTextContents())).toEqual(new Set(['crasher']));
      await onlyCrashes.click();
      await page.getByLabel('Filter the timeline').fill('xml-rpc');
      await entries.filter({ hasText: 'crasher' }).first().waitFor({ state: 'detached' });
      await dashboard.screenshot('timeline');

      await page.getByRole('link', { name: 'Activity', exact: true }).click();
      const log = page.getByRole('log', { name: 'Activity log' });
      await log.getByText('exited: crasher (exit status 3; not expected)').first().waitFor();
      await dashboard.rpc('startProcess', 'web', false);
      await log.getByText("INFO spawned: 'web' with pid").nth(1).waitFor();
      await dashboard.screenshot('activity');
    });
  });
});
