/** Everything by keys alone. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

import { waitFor } from '../helpers/wait.ts';
import { describeInBrowser } from './browser.ts';
import { dashboardTest, steady } from './dashboard.ts';

const programs = `[program:api]
command=${steady}
startsecs=0

[program:batch]
command=${steady}
startsecs=0
autostart=false

[program:web]
command=${steady}
startsecs=0
`;

const focused = (page: Page) =>
  page.evaluate(
    () => document.activeElement?.closest('[data-process]')?.getAttribute('data-process') ?? null,
  );

describeInBrowser('keyboard', () => {
  dashboardTest('moves, filters, acts, selects and undoes', async ({ startDashboard }) => {
    const dashboard = await startDashboard({ programs });
    const page = await dashboard.open();
    await dashboard.inState('web', 'RUNNING');
    await dashboard.inState('api', 'RUNNING');

    await page.keyboard.press('j');
    expect(await focused(page)).toBe('api');
    await page.keyboard.press('j');
    expect(await focused(page)).toBe('batch');
    await page.keyboard.press('s');
    await dashboard.inState('batch', 'RUNNING');
    await page.keyboard.press('Shift+G');
    expect(await focused(page)).toBe('web');
    await page.keyboard.press('k');
    await page.keyboard.press('t');
    await dashboard.inState('batch', 'STOPPED');
    await page.keyboard.press('z');
    await dashboard.inState('batch', 'RUNNING');

    await page.keyboard.press('r');
    await page.getByRole('dialog', { name: 'Restart batch?' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByText('2 selected').waitFor();
    await page.keyboard.press('t');
    await page.getByRole('dialog', { name: 'Stop 2 programs?' }).waitFor();
    await page.keyboard.press('Enter');
    await dashboard.inState('web', 'STOPPED');
    await dashboard.inState('batch', 'STOPPED');
    await page.keyboard.press('Escape');
    expect(await page.getByText('2 selected').count()).toBe(0);

    await page.keyboard.press('/');
    await page.keyboard.type('state:run');
    await page.keyboard.press('Enter');
    expect(await focused(page)).toBe('api');
    await page.keyboard.press('.');
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'api', exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('table', { name: 'Programs' }).waitFor();
  });

  dashboardTest('goes everywhere, and says what the keys are', async ({ startDashboard }) => {
    const dashboard = await startDashboard({ programs });
    const page = await dashboard.open();
    for (const [keys, title] of [
      ['gt', 'Timeline'],
      ['ga', 'Activity log'],
      ['gc', 'Configuration'],
      ['gl', 'Logs'],
      ['gp', 'Programs'],
    ] as const) {
      await page.keyboard.type(keys);
      await waitFor(`the view ${title}`, async () => (await page.title()).startsWith(title));
      await waitFor('the focus there', () => page.evaluate(() => document.activeElement?.id === 'main'));
    }
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog', { name: 'Keyboard' });
    await dialog.waitFor();
    expect(await dialog.locator('kbd').count()).toBeGreaterThan(20);
    await dashboard.screenshot('keys');
    await dialog.getByLabel('Keys are on').uncheck();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.keyboard.type('gt');
    await page.keyboard.press('j');
    expect(await page.title()).toMatch(/^Programs/);
    expect(await focused(page)).toBeNull();
  });

  dashboardTest(
    'Tab reaches the content first, and every control says what it does',
    async ({ startDashboard }) => {
      const dashboard = await startDashboard({ programs });
      const page = await dashboard.open();
      await dashboard.inState('web', 'RUNNING');
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content');
      await page.keyboard.press('Enter');
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
      expect(await page.evaluate(() => location.hash)).toBe('#/');
      const nameless = await page
        .locator('button')
        .evaluateAll(
          (buttons) =>
            buttons.filter((button) => !button.getAttribute('aria-label') && !button.textContent?.trim())
              .length,
        );
      expect(nameless).toBe(0);
    },
  );
});
