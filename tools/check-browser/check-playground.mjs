// Drives the playground's built page in headless Chromium: what it loads first, searches of three seeds against the command
// line's on `wasm`, Stop and Go on, drawn digits, own images, the editor and what is taken away, twenty searches' memory, and
// the page in both themes, 1,280 and 400 pixels wide, as `check-pages.mjs` looks at pages:
//   node tools/check-browser/check-playground.mjs [--chromium chromium] [--seeds 3] [--searches 20] [--screenshots DIR]
// Ends with 1 where something is wrong. Seconds are told, not judged: they are the machine's.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { programAt } from './look-at-page.mjs';
import { PlaygroundPage } from './playground/playground-page.mjs';
import { checkDrawing } from './playground/check-drawing.mjs';
import { checkEditor } from './playground/check-editor.mjs';
import { checkFirstLoad } from './playground/check-first-load.mjs';
import { checkLooks } from './playground/check-looks.mjs';
import { checkMemory } from './playground/check-memory.mjs';
import { checkOwnImages } from './playground/check-own-images.mjs';
import { checkSearches } from './playground/check-searches.mjs';
import { servePlayground } from './playground/serve-playground.mjs';

const { values: options } = parseArgs({
  options: {
    chromium: { type: 'string', default: 'chromium' },
    seeds: { type: 'string', default: '3' },
    searches: { type: 'string', default: '20' },
    only: { type: 'string', default: '' },
    screenshots: { type: 'string' },
  },
});

/** Each gives what is wrong, and tells what it has seen. */
const CHECKS = {
  'first load': checkFirstLoad,
  looks: (page) => checkLooks(page, options.screenshots),
  editor: checkEditor,
  'own images': checkOwnImages,
  searches: (page, { folder }) => checkSearches(page, { folder, seeds: Number(options.seeds) }),
  drawing: checkDrawing,
  memory: (page) => checkMemory(page, Number(options.searches)),
};

const folder = await mkdtemp(join(tmpdir(), 'winnow-playground-'));
const server = await servePlayground(join(folder, 'page'));
const browser = await chromium.launch({
  executablePath: programAt(options.chromium),
  args: ['--no-sandbox'],
});
try {
  for (const [name, check] of Object.entries(CHECKS)) {
    if (!name.includes(options.only)) continue;
    const page = await PlaygroundPage.open(browser, server.address);
    const problems = await check(page, { folder });
    problems.push(...page.problems);
    await page.close();
    if (problems.length > 0) process.exitCode = 1;
    console.log([`${name}: ${problems.length || 'nothing'} wrong`, ...problems].join('\n  '));
  }
} finally {
  await browser.close();
  server.close();
  await rm(folder, { recursive: true, force: true });
}
