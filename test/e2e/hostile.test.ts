/** Output and names that would like to be more than text. */
import { expect } from 'vitest';

import { describeInBrowser } from './browser.ts';
import { dashboardTest } from './dashboard.ts';

const output = [
  '<script>window.isTaken = true</script><img src=x onerror="window.isTaken = true">',
  '<style>body { display: none }</style></div></main><h1>Not yours</h1>',
  'javascript:alert(1) &lt;b&gt; &#60;i&#62;',
  '\u001B]0;a title\u0007\u001B]8;;https://example.invalid/\u0007a link\u001B]8;;\u0007',
  '\u001B[2J\u001B[1;1H\u001B[31mred\u001B[38;5;999mstill here\u001B[0m\u001B[999999999999Cfar',
  '\u001B[8mnot hidden\u001B[0m \u001B[38;2;300;-1;xmodd',
  'NUL \u0000 bell \u0007 backspace \b delete \u007F C1 \u0085',
  'file\u202Egnp.exe and \u2066isolated\u2069 and \u200Bzero width',
  `a long one: ${'x'.repeat(200_000)}`,
];

const program = `import { writeSync } from 'node:fs';
writeSync(1, Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x0a]));
writeSync(1, ${JSON.stringify(`${output.join('\n')}\nthe end\n`)});
setInterval(() => undefined, 1e6);
`;

const programs = `[program:hostile]
command=node %(here)s/hostile.mjs
environment=NICE="<img src=x onerror='window.isTaken = true'>"

[program:<b>bold]
command=/nonexistent/<script>window.isTaken=true</script>
startretries=0
`;

describeInBrowser('hostile output', () => {
  dashboardTest('is text and nothing else', async ({ startDashboard, sandbox }) => {
    sandbox.write('hostile.mjs', program);
    const dashboard = await startDashboard({ programs });
    const page = await dashboard.open();
    await dashboard.inState('<b>bold', 'FATAL');
    await page.goto(`${dashboard.url}#/program/hostile`);
    const log = page.getByRole('log');
    await log.getByText('the end', { exact: true }).waitFor();
    const lines = await log.locator('.log-text').allTextContents();
    expect(lines.slice(1, 9)).toEqual([
      output[0],
      output[1],
      output[2],
      'a link',
      'redstill herefar',
      'not hidden 1;xmodd',
      'NUL ␀ bell ␇ backspace ␈ delete ␡ C1 ⟨0085⟩',
      'file⟨202E⟩gnp.exe and ⟨2066⟩isolated⟨2069⟩ and ⟨200B⟩zero width',
    ]);
    expect(lines[0]).toBe('\uFFFD\uFFFD\uFFFD(');
    expect(lines[9]).toMatch(/^a long one: x+196,012 more characters$/);
    expect(await log.locator('script, img, style, h1, a').count()).toBe(0);
    await dashboard.screenshot('hostile');

    await page.getByLabel('Search the log').fill('<script>');
    expect(await log.locator('mark').allTextContents()).toEqual(['<script>']);
    await page.goto(`${dashboard.url}#/timeline`);
    await page.locator('.entry').first().waitFor();
    await page.goto(`${dashboard.url}#/program/${encodeURIComponent('<b>bold')}`);
    await page.getByRole('heading', { name: '<b>bold' }).waitFor();
    await page.getByRole('table', { name: 'Options' }).waitFor();
    expect(await page.evaluate('window.isTaken')).toBeUndefined();
    expect(await page.title()).toContain('<b>bold');
  });
});
