/** A thousand programs: the list is whole, scrolls, and a change touches one row. */
import { expect } from 'vitest';

import { waitFor } from '../helpers/wait.ts';
import { describeInBrowser } from './browser.ts';
import { dashboardTest } from './dashboard.ts';

const groups = 40;
const perGroup = 25;

const programs = Array.from(
  { length: groups },
  (_, index) => `[program:g${String(index).padStart(2, '0')}]
command=/bin/sleep 100000
process_name=p%(process_num)02d
numprocs=${perGroup}
stdout_logfile=NONE
stderr_logfile=NONE
`,
).join('\n');

describeInBrowser('a thousand programs', () => {
  dashboardTest('a change touches only its row', async ({ startDashboard }) => {
    const dashboard = await startDashboard({ programs });
    const page = await dashboard.open();
    await page.getByRole('button', { name: /^RUNNING 1,000$/ }).waitFor();
    expect(await page.locator('.row[data-process]').count()).toBe(groups * perGroup);

    // Figures and uptimes of rows on the screen move all the time: states are what is watched.
    await page.evaluate(() => {
      const touched = new Set<string>();
      Object.assign(window, { touched });
      new MutationObserver((records) => {
        for (const { target } of records) {
          const element = target instanceof Element ? target : target.parentElement;
          const cell = element?.closest('[role=cell], [role=rowheader]');
          const row = element?.closest('[data-process]');
          if (
            row !== null &&
            row !== undefined &&
            !/cell-(?:cpu|memory|status)/.test(cell?.className ?? '')
          ) {
            touched.add(row.getAttribute('data-process') ?? '');
          } else if (row === null || row === undefined) {
            const part = element?.closest('.group-row, .section, .table');
            if (part !== null && part !== undefined && !part.classList.contains('group-row')) {
              touched.add(`the ${part.className}`);
            }
          }
        }
      }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    });
    await dashboard.rpc('stopProcess', 'g20:p07');
    await page.getByRole('button', { name: /^STOPPED 1$/ }).waitFor();
    await dashboard.row('g20:p07').locator('.state', { hasText: 'STOPPED' }).waitFor({ state: 'attached' });
    expect(await page.evaluate('[...window.touched]')).toEqual(['g20:p07']);

    // Rows that are far away are not laid out; the last can be reached, and shows its figures.
    await page.keyboard.press('Shift+G');
    const last = dashboard.row('g39:p24');
    await waitFor('the last row on the screen', () =>
      last.evaluate((row) => {
        const { top, bottom } = row.getBoundingClientRect();
        return top > 0 && bottom <= innerHeight;
      }),
    );
    await last.locator('.cell-memory .figure', { hasText: 'B' }).waitFor();
    await page.keyboard.type('/g39 p2');
    await waitFor('five rows', async () => (await page.locator('.row[data-process]').count()) === 5);
    await dashboard.screenshot('thousand');
  });
});
