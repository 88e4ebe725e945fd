// Looks at pages in headless Chromium, in both themes, 1,280 and 400 pixels wide: nothing in the console, no request to
// elsewhere, nothing wider than the page, no letter of a chart below 11 pixels, and nothing that axe-core objects to:
//   node tools/check-browser/check-pages.mjs [PAGE.html …] [--chromium chromium] [--screenshots DIR]
// Without pages it makes one of each kind. Ends with 1 where something is wrong.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { makePages } from './make-pages.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { chromium: { type: 'string', default: 'chromium' }, screenshots: { type: 'string' } },
});
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const WIDTHS = [1280, 400];
const THEMES = ['light', 'dark'];

/** Where a program lies that a shell would find by this name. */
const programAt = (name) =>
  name.includes('/')
    ? name
    : process.env.PATH.split(delimiter)
        .map((folder) => join(folder, name))
        .find((path) => existsSync(path));

/** Within the page: what is wrong with how it is laid out. */
function misplaced() {
  const problems = [];
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) problems.push(`${scrollWidth - clientWidth} pixels too wide`);
  const shown = (element) => element.getClientRects().length > 0;
  for (const text of [...document.querySelectorAll('svg text')].filter(shown)) {
    const svg = text.ownerSVGElement;
    const scale = text.getScreenCTM().a;
    const size = parseFloat(getComputedStyle(text).fontSize) * scale;
    if (size < 10.95) problems.push(`"${text.textContent}" is ${size.toFixed(1)} pixels high`);
    const [box, room] = [text.getBoundingClientRect(), svg.getBoundingClientRect()];
    const root = text.closest('.card')?.getBoundingClientRect() ?? room;
    if (box.left < root.left || box.right > root.right)
      problems.push(`"${text.textContent}" reaches out of its chart`);
  }
  for (const cell of [...document.querySelectorAll('.number')].filter(shown))
    if (cell.getClientRects().length > 1) problems.push(`"${cell.textContent}" is broken`);
  return [...new Set(problems)].slice(0, 5);
}

/** What is wrong with a page as it is shown; as its reader has it, and with a script of ours beside its own. */
async function look(browser, path, viewport, colorScheme) {
  const problems = [];
  const address = pathToFileURL(path).href;
  const context = await browser.newContext({ viewport, colorScheme });
  const page = await context.newPage();
  page.on('console', (message) => problems.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  page.on('dialog', async (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on('request', (request) => {
    if (request.url() !== address) problems.push(`request: ${request.url()}`);
  });
  await page.goto(address);
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
  problems.push(...(await page.evaluate(misplaced)));
  if (options.screenshots) {
    const name = `${basename(dirname(path))}-${basename(path, '.html')}-${viewport.width}-${colorScheme}.png`;
    await page.screenshot({ path: join(options.screenshots, name), fullPage: true });
  }
  await context.close();
  const opened = await browser.newContext({ viewport, colorScheme, bypassCSP: true });
  const watched = await opened.newPage();
  await watched.goto(address);
  await watched.addScriptTag({ path: AXE });
  const { violations } = await watched.evaluate(() => globalThis.axe.run());
  for (const { id, help, nodes } of violations)
    problems.push(`axe ${id}: ${help} (${nodes.length}), ${nodes[0].html.slice(0, 120)}`);
  await opened.close();
  return problems;
}

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
        const found = await look(browser, path, { width, height: 900 }, theme);
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
