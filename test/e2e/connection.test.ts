/** The connection lost and regained, and the page behind a reverse proxy. */
import { expect } from 'vitest';

import { describeInBrowser } from './browser.ts';
import { dashboardTest, steady } from './dashboard.ts';
import { startSubPathProxy } from './sub-path-proxy.ts';

const programs = `[program:web]
command=${steady}
startsecs=0
`;

describeInBrowser('connection', () => {
  dashboardTest('lost and regained without a reload of the page', async ({ startDashboard }) => {
    const dashboard = await startDashboard({ programs });
    const page = await dashboard.open();
    await dashboard.inState('web', 'RUNNING');
    await page.evaluate('window.isTheSamePage = true');
    dashboard.daemon.signal('SIGTERM');
    await dashboard.daemon.ended;
    await page.getByText('Connection lost').waitFor();
    await dashboard.screenshot('lost');
    await dashboard.startAgain();
    await dashboard.connected();
    await dashboard.inState('web', 'RUNNING');
    await page.getByRole('button', { name: 'Stop web' }).click();
    await dashboard.inState('web', 'STOPPED');
    expect(await page.evaluate('window.isTheSamePage')).toBe(true);
    // That nobody answered is what this test is about.
    dashboard.complaints.splice(0);
  });

  dashboardTest('works below a path of a reverse proxy', async ({ startDashboard }) => {
    const dashboard = await startDashboard({ programs });
    const proxy = await startSubPathProxy('/ops/host-1/', dashboard.port);
    try {
      const { page } = dashboard;
      const strayRequests: string[] = [];
      page.on('request', (request) => {
        if (!request.url().startsWith(proxy.url)) {
          strayRequests.push(request.url());
        }
      });
      await page.goto(proxy.url);
      await dashboard.connected();
      await dashboard.inState('web', 'RUNNING');
      await page.getByRole('button', { name: 'Stop web' }).click();
      await dashboard.inState('web', 'STOPPED');
      await dashboard.row('web').getByRole('link').click();
      await page.getByRole('log').getByText('ready').waitFor();
      await page.locator('.chart canvas').first().waitFor();
      expect(strayRequests).toEqual([]);
      await page.goto('about:blank');
    } finally {
      await proxy.close();
    }
  });
});
