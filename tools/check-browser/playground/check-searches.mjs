import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const WINNOW = fileURLToPath(new URL('../../../apps/cli/bin/winnow.js', import.meta.url));
const PLAN = { epochs: 12, rewindEpochs: 3, searchEpochs: 20 };
const DENSITY = 0.0025;
const LEAST_MEAN = 80;
const MOST_STOP_MS = 100;

/** The same run by the command line: its ticket's bytes and its accuracy in percent. */
async function byCommandLine(folder, seed) {
  const out = join(folder, `seed${seed}`);
  const words = [
    `run --dataset digits --model resnet8 --method cts --objective kl --density ${DENSITY} --seed ${seed}`,
    `--epochs ${PLAN.epochs} --rewind-epochs ${PLAN.rewindEpochs} --search-epochs ${PLAN.searchEpochs}`,
    `--batch-size 32 --start rewind --backend wasm --json --out`,
  ];
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...[WINNOW, ...words.join(' ').split(' ')],
    out,
  ]);
  const { testAccuracy } = JSON.parse(stdout);
  return { ticket: await readFile(join(out, 'ticket.safetensors')), accuracy: 100 * testAccuracy };
}

/** Stops in the middle of the search, and goes on. Gives how long the page took to stop. */
async function stopAndGoOn(page) {
  await page.page.locator('.stages li:nth-child(2).current').waitFor();
  await page.page.locator('.curves').waitFor();
  // Within the page, since a driver takes its time.
  const ms = await page.page.evaluate(async () => {
    const from = performance.now();
    [...document.querySelectorAll('button')].find((one) => one.textContent === 'Stop').click();
    while (![...document.querySelectorAll('button')].some((one) => one.textContent === 'Go on'))
      await new Promise((resolve) => setTimeout(resolve, 1));
    return performance.now() - from;
  });
  await page.button('Go on').click();
  return ms;
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

export async function checkSearches(page, { folder, seeds }) {
  const problems = [];
  const reached = [];
  await page.load();
  await watchFrames(page);
  for (let seed = 1; seed <= seeds; seed++) {
    await page.setSeed(seed);
    await page.setPlan(PLAN);
    const from = performance.now();
    await page.button('Find a ticket').click();
    const stopMs = seed === 1 ? await stopAndGoOn(page) : undefined;
    if (seed === 2) await lookAway(page);
    await page.page.locator('.stages li:nth-child(3).done').waitFor();
    const seconds = (performance.now() - from) / 1000;
    await page.finish();
    const [, accuracy] = await page.accuracies();
    reached.push(accuracy);
    const ticket = await page.download('The ticket');
    const ours = await byCommandLine(folder, seed);
    const isSame = Buffer.compare(ticket, ours.ticket) === 0;
    console.log(
      `  seed ${seed}: ticket ${accuracy} %, the command line's ${ours.accuracy.toFixed(1)} %; ${ticket.length} bytes, ${isSame ? 'the same' : 'OTHERS'}; ${seconds.toFixed(1)} s to the ticket, trained`,
    );
    if (!isSame) problems.push(`seed ${seed}: the command line finds another ticket`);
    if (accuracy.toFixed(1) !== ours.accuracy.toFixed(1))
      problems.push(`seed ${seed}: the command line's accuracy is ${ours.accuracy.toFixed(1)} %`);
    if (stopMs !== undefined) {
      console.log(`  stopped after ${stopMs.toFixed(0)} ms, and gone on with`);
      if (stopMs > MOST_STOP_MS) problems.push(`stopping took ${stopMs.toFixed(0)} ms`);
    }
  }
  const mean = reached.reduce((a, b) => a + b, 0) / reached.length;
  const longest = await page.page.evaluate(() => globalThis.longest);
  console.log(`  mean ${mean.toFixed(1)} %; longest task of the page ${longest.toFixed(0)} ms`);
  if (mean < LEAST_MEAN) problems.push(`the mean is below ${LEAST_MEAN} %`);
  return problems;
}
