/** The list of all programs, as somebody uses it. */
import { describe, expect } from 'vitest';

import { waitFor } from '../helpers/wait.ts';
import { bothSizes } from './appearance.ts';
import { describeInBrowser } from './browser.ts';
import { dashboardTest, steady } from './dashboard.ts';

const programs = `[program:web]
command=${steady}
startsecs=0
redirect_stderr=true
stdout_logfile=%(here)s/web.log

[program:mailer]
command=/nonexistent/mailer
startretries=0

[program:job]
command=/bin/sh -c 'exit 0'
startsecs=0
autorestart=false

[program:spare]
command=${steady}
startsecs=0
autostart=false

[program:worker]
command=${steady}
process_name=%(program_name)s_%(process_num)02d
numprocs=3
`;

describeInBrowser('overview', () => {
  describe.each(bothSizes)('$name', (appearance) => {
    dashboardTest('shows how every program is, and what it uses', async ({ startDashboard }) => {
      const dashboard = await startDashboard({ programs, appearance });
      const page = await dashboard.open();
      await dashboard.inState('web', 'RUNNING');
      await dashboard.inState('mailer', 'FATAL');
      await dashboard.inState('job', 'EXITED');
      await dashboard.inState('spare', 'STOPPED');
      await dashboard.inState('worker:worker_02', 'RUNNING');
      expect(await dashboard.row('mailer').locator('.cell-status').textContent()).toContain(
        '/nonexistent/mailer',
      );
      expect(await dashboard.row('spare').locator('.cell-status').textContent()).toBe('not started');

      const status = dashboard.row('web').locator('.cell-status');
      const before = await status.textContent();
      await waitFor('the uptime to go on', async () => (await status.textContent()) !== before);
      expect(await status.textContent()).toMatch(/^up \d+s$/);
      await dashboard
        .row('web')
        .locator('.cell-memory .figure', { hasText: /\d [kM]?B/ })
        .waitFor();
      await dashboard.row('web').locator('.cell-cpu .figure', { hasText: '%' }).waitFor();

      const counts = page.getByRole('group', { name: /in these states/ });
      expect(await counts.getByRole('button').allTextContents()).toEqual([
        'FATAL1',
        'EXITED1',
        'STOPPED1',
        'RUNNING4',
      ]);
      await dashboard.screenshot('overview');
    });

    dashboardTest('is filtered as one types and by state, sorted, and folded', async ({ startDashboard }) => {
      const dashboard = await startDashboard({ programs, appearance });
      const page = await dashboard.open();
      await dashboard.inState('worker:worker_02', 'RUNNING');
      await dashboard.inState('mailer', 'FATAL');
      const names = () =>
        page
          .locator('.row[data-process]')
          .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-process')));
      expect(await names()).toEqual([
        'job',
        'mailer',
        'spare',
        'web',
        'worker:worker_00',
        'worker:worker_01',
        'worker:worker_02',
      ]);

      await page.getByLabel('Filter programs').fill('work 1');
      await waitFor('one row', async () => (await names()).join() === 'worker:worker_01');
      await page.getByLabel('Filter programs').fill('no such program');
      await page.getByText('None of 7 programs is like that').waitFor();
      await page.getByRole('button', { name: 'Show all' }).click();
      await dashboard.row('web').waitFor();

      await page.getByRole('button', { name: 'FATAL 1' }).click();
      await waitFor('the fatal one', async () => (await names()).join() === 'mailer');
      await page.getByRole('button', { name: 'FATAL 1' }).click();

      if (appearance.size === 'phone') {
        await page.getByLabel('Sort by').selectOption('State');
      } else {
        await page.getByRole('button', { name: 'State', exact: true }).click();
      }
      await waitFor('the worst first', async () => (await names()).join().startsWith('mailer,job,spare,web'));

      await page.getByRole('button', { name: 'worker', exact: true }).click();
      await waitFor('a folded group', async () => (await names()).length === 4);
      await page.reload();
      await dashboard.connected();
      await dashboard.row('web').waitFor();
      expect(await names()).toEqual(['mailer', 'job', 'spare', 'web']);
    });

    dashboardTest(
      'stops with a way back, starts, restarts and signals one',
      async ({ startDashboard, sandbox }) => {
        const dashboard = await startDashboard({ programs, appearance });
        const page = await dashboard.open();
        await dashboard.inState('web', 'RUNNING');
        await page.getByRole('button', { name: 'Stop web' }).click();
        await dashboard.inState('web', 'STOPPED');
        await page.getByRole('button', { name: 'Undo' }).click();
        await dashboard.inState('web', 'RUNNING');

        await page.getByRole('button', { name: 'Start spare', exact: true }).click();
        await dashboard.inState('spare', 'RUNNING');

        const { pid } = (await dashboard.rpc('getProcessInfo', 'web')) as { readonly pid: number };
        await page.getByRole('button', { name: 'More for web' }).click();
        await page.getByRole('menuitem', { name: 'Restart' }).click();
        await waitFor('another pid', async () => {
          const info = (await dashboard.rpc('getProcessInfo', 'web')) as { readonly pid: number };
          return info.pid !== pid && info.pid !== 0;
        });
        await dashboard.inState('web', 'RUNNING');

        await page.getByRole('button', { name: 'More for web' }).click();
        await dashboard.screenshot('menu');
        await page.getByRole('menuitem', { name: 'Send SIGHUP' }).click();
        await waitFor('the program to say that it had a HUP', () =>
          sandbox.read('web.log').includes('had a HUP'),
        );
      },
    );

    dashboardTest(
      'acts on those chosen, on a group and on all, and asks first',
      async ({ startDashboard }) => {
        const dashboard = await startDashboard({ programs, appearance });
        const page = await dashboard.open();
        await dashboard.inState('worker:worker_02', 'RUNNING');
        await dashboard.inState('web', 'RUNNING');
        await page.getByLabel('Select worker:worker_00').check();
        await page.getByLabel('Select web', { exact: true }).check();
        await page.getByRole('button', { name: 'Stop selected programs' }).click();
        const dialog = page.getByRole('dialog', { name: 'Stop 2 programs?' });
        await dialog.waitFor();
        expect(await dialog.getByRole('listitem').allTextContents()).toEqual(['web', 'worker:worker_00']);
        await dashboard.screenshot('confirm');
        await dialog.getByRole('button', { name: 'Cancel' }).click();
        expect(await dashboard.row('web').locator('.state').textContent()).toBe('RUNNING');

        await page.getByRole('button', { name: 'Stop selected programs' }).click();
        await dialog.getByRole('button', { name: 'Stop' }).click();
        await dashboard.inState('web', 'STOPPED');
        await dashboard.inState('worker:worker_00', 'STOPPED');
        await dashboard.inState('worker:worker_01', 'RUNNING');
        await page.getByRole('button', { name: 'Clear selection' }).click();

        await page.getByRole('button', { name: 'Actions for group worker' }).click();
        await page.getByRole('menuitem', { name: 'Start group', exact: true }).click();
        await dashboard.inState('worker:worker_00', 'RUNNING');

        await page.getByRole('button', { name: 'Actions for all programs' }).click();
        await page.getByRole('menuitem', { name: 'Stop all' }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click();
        await dashboard.inState('worker:worker_02', 'STOPPED');
        await page.getByRole('button', { name: /STOPPED 5/ }).waitFor();
      },
    );

    dashboardTest('says what changed since one last looked', async ({ startDashboard }) => {
      const dashboard = await startDashboard({ programs, appearance });
      const page = await dashboard.open();
      await dashboard.inState('mailer', 'FATAL');
      await dashboard.inState('web', 'RUNNING');
      expect(await page.getByText('since you last looked').count()).toBe(0);
      await page.evaluate((hourAgo) => {
        addEventListener('pagehide', () => localStorage.setItem('supervisor.lookedAt', String(hourAgo)));
      }, Date.now() - 3_600_000);
      await page.reload();
      const banner = page.getByRole('region', { name: 'Since your last visit' });
      await banner.waitFor();
      expect(await banner.textContent()).toMatch(
        /\d crash.*, \d starts?.* since you last looked \(.*1h 00m ago\): mailer/,
      );
      await dashboard.screenshot('away');
      await banner.getByRole('button', { name: 'Dismiss' }).click();
      await page.reload();
      await dashboard.inState('mailer', 'FATAL');
      await dashboard.inState('web', 'RUNNING');
      expect(await page.getByText('since you last looked').count()).toBe(0);
    });
  });
});
