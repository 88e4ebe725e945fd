// Looks at pages in headless Chromium, in both themes, 1,280 and 400 pixels wide: nothing in the console, no request to
// elsewhere, nothing wider than the page, no letter of a chart below 11 pixels, and nothing that axe-core objects to:
//   node tools/check-browser/check-pages.mjs [PAGE.html …] [--chromium chromium] [--screenshots DIR]
// Without pages it makes one of each kind. Ends with 1 where something is wrong.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { THEMES, WIDTHS, lookAt, programAt } from './look-at-page.mjs';
import { makePages } from './make-pages.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { chromium: { type: 'string', default: 'chromium' }, screenshots: { type: 'string' } },
});
/** Whether the button of a page copies the command beside it. */
async function copies(browser, path) {
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  await page.goto(pathToFileURL(path).href);
  const button = page.locator('button[data-copy]').first();
  if ((await button.count()) === 0) return true;
  const command = await page.locator('button[data-copy] + pre').first().textContent();
  await button.click();
  await page.waitForFunction((one) => one.textContent !== 'Copy', await button.elementHandle());
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  await context.close();
  return copied === command;
}

const folder = await mkdtemp(join(tmpdir(), 'winnow-pages-'));
const browser = await chromium.launch({
  executablePath: programAt(options.chromium),
  args: ['--no-sandbox'],
});
try {
  const pages = positionals.length > 0 ? positionals : await makePages(folder);
  for (const path of pages.map((page) => resolve(page))) {
    const problems = [];
    for (const width of WIDTHS)
      for (const theme of THEMES) {
        const name = `${basename(dirname(path))}-${basename(path, '.html')}-${width}-${theme}.png`;
        const found = await lookAt(browser, pathToFileURL(path).href, {
          viewport: { width, height: 900 },
          colorScheme: theme,
          isOwn: (address) => address === pathToFileURL(path).href,
          screenshot: options.screenshots && join(options.screenshots, name),
        });
        problems.push(...found.map((problem) => `${width} pixels, ${theme}: ${problem}`));
      }
    if (!(await copies(browser, path))) problems.push('the button copies something else');
    if (problems.length > 0) process.exitCode = 1;
    const place = path.replace(`${folder}/`, '');
    console.log([`${place}: ${problems.length || 'nothing'} wrong`, ...problems].join('\n  '));
  }
} finally {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
}
