import { byCommandLine } from './by-command-line.mjs';
import { pressInHaste, searching, stopAndGoOn } from './stops.mjs';

const PLAN = { epochs: 10, rewindEpochs: 3, searchEpochs: 10 };
const LEAST_MEAN = 80;
/** Of such a search: batches of 32 of 1,294 digits. */
const STEPS = 41 * PLAN.searchEpochs;
/** Of a search that another one is begun in place of. */
const OTHER_SEED = 99;

/** Begins anew with a seed, in the middle of a search of another one, and before that has stopped. */
async function beginAnew(page, seed) {
  await page.setSeed(OTHER_SEED);
  await page.button('Find a ticket').click();
  await searching(page);
  await page.setSeed(seed);
  const told = await pressInHaste(page, ['Stop', 'Begin anew']);
  console.log(`  begun anew when the page said "${told}"`);
}

/** Lets the page think that it is hidden in the middle of the search, and seen again. */
async function lookAway(own) {
  await searching(own);
  const { page } = own;
  const seen = (hidden) =>
    page.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { value, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  await seen(true);
  await page.locator('.standing', { hasText: 'Waiting' }).waitFor();
  await seen(false);
}

/** The longest frame of the page while a search is under way. */
async function watchFrames(page) {
  await page.page.evaluate(() => {
    globalThis.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries())
        globalThis.longest = Math.max(globalThis.longest, duration);
    }).observe({ type: 'longtask' });
  });
}

export async function checkSearches(page, { folder, seeds, reference = byCommandLine }) {
  const problems = [];
  const reached = [];
  await page.load();
  await watchFrames(page);
  for (let seed = 1; seed <= seeds; seed++) {
    await page.setSeed(seed);
    await page.setPlan(PLAN);
    const from = performance.now();
    if (seed === 3) await beginAnew(page, seed);
    else await page.button('Find a ticket').click();
    if (seed === 1) problems.push(...(await stopAndGoOn(page)));
    if (seed === 2) await lookAway(page);
    await page.page.locator('.stages li:nth-child(3).done').waitFor();
    const seconds = (performance.now() - from) / 1000;
    await page.finish();
    const [, accuracy] = await page.accuracies();
    reached.push(accuracy);
    const ticket = await page.download('The ticket');
    const ours = await reference(folder, seed, PLAN);
    const isSame = Buffer.compare(ticket, ours.ticket) === 0;
    console.log(
      `  seed ${seed}: ticket ${accuracy} %, the command line's ${ours.accuracy.toFixed(1)} %; ${ticket.length} bytes, ${isSame ? 'the same' : 'OTHERS'}; ${seconds.toFixed(1)} s to the ticket, trained`,
    );
    if (!isSame) problems.push(`seed ${seed}: the command line finds another ticket`);
    if (accuracy.toFixed(1) !== ours.accuracy.toFixed(1))
      problems.push(`seed ${seed}: the command line's accuracy is ${ours.accuracy.toFixed(1)} %`);
    const rows = await page.page.locator('.curve svg').first().getAttribute('aria-label');
    if (!rows.endsWith(` in ${STEPS} of ${STEPS} steps`))
      problems.push(`seed ${seed}: its curve goes ${rows}`);
  }
  const mean = reached.reduce((a, b) => a + b, 0) / reached.length;
  const longest = await page.page.evaluate(() => globalThis.longest);
  console.log(`  mean ${mean.toFixed(1)} %; longest task of the page ${longest.toFixed(0)} ms`);
  if (mean < LEAST_MEAN) problems.push(`the mean is below ${LEAST_MEAN} %`);
  return problems;
}
