import { byCommandLine } from './by-command-line.mjs';

const PLAN = { epochs: 10, rewindEpochs: 3, searchEpochs: 10 };
const LEAST_MEAN = 80;
const MOST_STOP_MS = 100;
/** Stopping waits for a step to end: on a machine under load that may take longer. */
const MOST_STEPS = 2;

/** What a step of the search takes now, in milliseconds. */
async function stepMs(page) {
  const told = page.page.locator('.stages .current .outcome');
  const step = async () => Number(/step (\d+)/.exec(await told.textContent())[1]);
  const [first, from] = [await step(), performance.now()];
  await page.page.waitForTimeout(5000);
  return (performance.now() - from) / ((await step()) - first);
}

/** Stops in the middle of the search, and goes on. Gives how long the page took to stop, and what a step takes. */
async function stopAndGoOn(page) {
  await page.page.locator('.stages li:nth-child(2).current').waitFor();
  await page.page.locator('.curves').waitFor();
  const ofStep = await stepMs(page);
  // Within the page, since a driver takes its time.
  const ms = await page.page.evaluate(async () => {
    const from = performance.now();
    [...document.querySelectorAll('button')].find((one) => one.textContent === 'Stop').click();
    while (![...document.querySelectorAll('button')].some((one) => one.textContent === 'Go on'))
      await new Promise((resolve) => setTimeout(resolve, 1));
    return performance.now() - from;
  });
  await page.button('Go on').click();
  return { ms, ofStep };
}

/** Lets the page think that it is hidden in the middle of the search, and seen again. */
async function lookAway({ page }) {
  await page.locator('.stages li:nth-child(2).current').waitFor();
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
    await page.button('Find a ticket').click();
    const stopped = seed === 1 ? await stopAndGoOn(page) : undefined;
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
    if (stopped) {
      const { ms, ofStep } = stopped;
      console.log(
        `  stopped after ${ms.toFixed(0)} ms, where a step takes ${ofStep.toFixed(0)}, and gone on with`,
      );
      if (ms > Math.max(MOST_STOP_MS, MOST_STEPS * ofStep))
        problems.push(`stopping took ${ms.toFixed(0)} ms`);
    }
  }
  const mean = reached.reduce((a, b) => a + b, 0) / reached.length;
  const longest = await page.page.evaluate(() => globalThis.longest);
  console.log(`  mean ${mean.toFixed(1)} %; longest task of the page ${longest.toFixed(0)} ms`);
  if (mean < LEAST_MEAN) problems.push(`the mean is below ${LEAST_MEAN} %`);
  return problems;
}
