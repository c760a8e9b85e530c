/** A dashboard with a password. Basic authentication lets the page in; a session takes over where it no longer does. */
import { describe, expect } from 'vitest';

import { bothSizes } from './appearance.ts';
import { describeInBrowser } from './browser.ts';
import { dashboardTest, steady, writeDashboardConfig } from './dashboard.ts';

const programs = `[program:web]
command=${steady}
startsecs=0
`;

describeInBrowser('login', () => {
  describe.each(bothSizes)('$name', (appearance) => {
    dashboardTest(
      'who is not let in any more is asked for user and password',
      async ({ startDashboard, sandbox }) => {
        const credentials = { username: 'admin', password: 'correct horse' };
        const dashboard = await startDashboard({ programs, appearance, credentials });
        const page = await dashboard.open();
        await dashboard.inState('web', 'RUNNING');
        await page.getByRole('button', { name: 'Logged in as admin' }).waitFor();

        // The password is changed while the page is open; the browser goes on sending the old one.
        const changed = { ...credentials, password: 'battery staple' };
        writeDashboardConfig(sandbox, dashboard.port, { programs, credentials: changed });
        dashboard.daemon.signal('SIGHUP');
        await page.getByLabel('User').fill('admin');
        await page.getByLabel('Password').fill('wrong');
        await page.getByRole('button', { name: 'Log in' }).click();
        await page.getByText('That user and password are not known').waitFor();
        await dashboard.screenshot('login');
        await page.getByLabel('Password').fill(changed.password);
        await page.getByRole('button', { name: 'Log in' }).click();
        await dashboard.connected();
        await dashboard.inState('web', 'RUNNING');
        await page.getByRole('button', { name: 'Stop web' }).click();
        await dashboard.inState('web', 'STOPPED');
        expect(await page.evaluate(() => document.cookie), 'scripts cannot read the cookie').toBe('');

        await page.getByRole('button', { name: 'Logged in as admin' }).click();
        await page.getByRole('menuitem', { name: 'Log out admin' }).click();
        await page.getByLabel('Password').waitFor();
        // Answers with status 401, and the restart, are what this test is about.
        dashboard.complaints.splice(0);
      },
    );
  });
});
