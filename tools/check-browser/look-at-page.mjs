import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
export const WIDTHS = [1280, 400];
export const THEMES = ['light', 'dark'];

/** Where a program lies that a shell would find by this name. */
export const programAt = (name) =>
  name.includes('/')
    ? name
    : process.env.PATH.split(delimiter)
        .map((folder) => join(folder, name))
        .find((path) => existsSync(path));

/** Within the page: what is wrong with how it is laid out. */
export function misplaced() {
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

/** What axe-core objects to in a page that lets scripts of ours in. */
export async function violations(page) {
  await page.addScriptTag({ path: AXE });
  const { violations: found } = await page.evaluate(() => globalThis.axe.run());
  return found.map(
    ({ id, help, nodes }) => `axe ${id}: ${help} (${nodes.length}), ${nodes[0].html.slice(0, 120)}`,
  );
}

/**
 * What is wrong with the page at an address as it is shown; as its reader has it, and with a script of ours beside its own.
 * It may ask for what `isOwn` says of an address; a screenshot goes into a file.
 */
export async function lookAt(browser, address, { viewport, colorScheme, isOwn, screenshot }) {
  const problems = [];
  const context = await browser.newContext({ viewport, colorScheme });
  const page = await context.newPage();
  page.on('console', (message) => problems.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  page.on('dialog', async (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!isOwn(request.url())) problems.push(`request: ${request.url()}`);
  });
  await page.goto(address);
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
  problems.push(...(await page.evaluate(misplaced)));
  if (screenshot) await page.screenshot({ path: screenshot, fullPage: true });
  await context.close();
  const opened = await browser.newContext({ viewport, colorScheme, bypassCSP: true });
  const watched = await opened.newPage();
  await watched.goto(address);
  problems.push(...(await violations(watched)));
  await opened.close();
  return problems;
}
