/** Rereading the configuration, and restarting the daemon. */
import { describe, expect } from 'vitest';

import { bothSizes } from './appearance.ts';
import { describeInBrowser } from './browser.ts';
import { dashboardTest, steady, writeDashboardConfig } from './dashboard.ts';

const web = `[program:web]
command=${steady}
`;
const old = `[program:old]
command=${steady}
`;
const fresh = `[program:fresh]
command=${steady}
`;

describeInBrowser('configuration', () => {
  describe.each(bothSizes)('$name', (appearance) => {
    dashboardTest(
      'a reread shows the difference and what update would do, then does it',
      async ({ startDashboard, sandbox }) => {
        const dashboard = await startDashboard({ programs: web + old, appearance });
        const page = await dashboard.open('#/configuration');
        await page.getByRole('button', { name: 'Reread' }).click();
        await page.getByText('Nothing has changed.').waitFor();

        writeDashboardConfig(sandbox, dashboard.port, {
          programs: `${web}stopwaitsecs=77\nautostart=maybe\n`,
        });
        await page.getByRole('button', { name: 'Reread' }).click();
        const alert = page.getByRole('alert');
        await alert.waitFor();
        expect(await alert.textContent()).toMatch(/maybe/);
        // The refusal, which is what this is about.
        dashboard.complaints.splice(0);

        writeDashboardConfig(sandbox, dashboard.port, { programs: `${web}environment=A="1"\n${fresh}` });
        await page.getByRole('button', { name: 'Reread' }).click();
        const plan = page.locator('.plan');
        await plan.waitFor();
        const text = (await plan.locator(':scope > li').allTextContents()).toSorted();
        expect(text).toEqual([
          expect.stringMatching(/^addedfresh.*start fresh/),
          expect.stringMatching(/^changedweb.*restart web.*environment/),
          expect.stringMatching(/^removedold.*stop old/),
        ]);
        await dashboard.screenshot('reread');
        await page.getByRole('button', { name: 'Update 3 groups' }).click();
        const dialog = page.getByRole('dialog', { name: 'Update 3 groups?' });
        await dialog.waitFor();
        expect((await dialog.getByRole('listitem').allTextContents()).toSorted()).toEqual([
          'restart web',
          'stop old',
        ]);
        await dialog.getByRole('button', { name: 'Update' }).click();
        await page.getByText('Updated.', { exact: true }).waitFor();
        await page.getByRole('link', { name: 'Programs', exact: true }).click();
        await dashboard.inState('fresh', 'RUNNING');
        await dashboard.inState('web', 'RUNNING');
        expect(await dashboard.row('old').count()).toBe(0);
      },
    );
  });

  dashboardTest(
    'the daemon is restarted after a question, and the page goes on',
    async ({ startDashboard }) => {
      const dashboard = await startDashboard({ programs: web });
      const page = await dashboard.open('#/configuration');
      await page.evaluate('window.isTheSamePage = true');
      await page.getByRole('button', { name: 'Restart the daemon' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Restart the daemon' }).click();
      await dashboard.daemon.output.match(
        /supervisord started with pid \d+[^]*supervisord started with pid \d+/,
      );
      await dashboard.connected();
      await page.getByRole('link', { name: 'Programs', exact: true }).click();
      await dashboard.inState('web', 'RUNNING');
      await page.getByRole('button', { name: 'Stop web' }).click();
      await dashboard.inState('web', 'STOPPED');
      expect(await page.evaluate('window.isTheSamePage')).toBe(true);
      dashboard.complaints.splice(0);
    },
  );
});
