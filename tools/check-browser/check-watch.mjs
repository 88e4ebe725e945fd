// Watches a study of 200 made-up runs in headless Chromium while four of them are under way, and tells what that costs:
//   node tools/check-browser/check-watch.mjs [--chromium chromium] [--seconds 60] [--screenshots DIR]
// Ends with 1 where the page is over 2 MB or holds a frame up for 100 ms, `winnow watch` takes 5 % of a core, the page does
// not say that the server has gone, or something is wrong with a page as `check-pages.mjs` has it.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { RunFolder } from '@winnow/experiments';
import { chromium } from 'playwright-core';
import { THEMES, WIDTHS, lookAt, programAt } from './look-at-page.mjs';

const { values: options } = parseArgs({
  options: {
    chromium: { type: 'string', default: 'chromium' },
    seconds: { type: 'string', default: '60' },
    screenshots: { type: 'string' },
  },
});
const WINNOW = fileURLToPath(new URL('../../apps/cli/bin/winnow.js', import.meta.url));
const RUNS = 200;
const AT_A_TIME = 4;
const SECONDS = Number(options.seconds);
const MOST_BYTES = 2e6;
const MOST_FRAME_MS = 100;
const MOST_OF_A_CORE = 0.05;
const TICKS_A_SECOND = 100;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs of 23 settings; every other one is done. */
async function makeUp(folder) {
  const words = '--dataset digits --model lenet --method magnitude --density 0.1 --epochs 2 --out';
  execFileSync(process.execPath, [WINNOW, 'run', ...words.split(' '), join(folder, 'one')], {
    stdio: 'ignore',
  });
  const one = new RunFolder(join(folder, 'one'));
  const [config, result] = [await one.readConfig(), await one.readResult()];
  const runs = [];
  for (let i = 0; i < RUNS; i++) {
    const [seed, density] = [i % 9, [0.2, 0.1, 0.05][i % 3]];
    const recipe = { ...config.recipe, learningRate: (10 + Math.floor(i / 9)) / 100 };
    const run = new RunFolder(join(folder, 'study', `run-${i}`));
    await run.claim({ ...config, density, seed, recipe });
    const end = {
      ...result,
      density,
      seed,
      kept: 1000 * density,
      testAccuracy: 0.5 + (i % 97) / 250,
    };
    if (i % 2 === 0) await run.writeResult(end);
    else runs.push({ run, end });
  }
  return { runs, study: join(folder, 'study') };
}

/** Carries a run out in name, 50 steps a second, with a checkpoint every two, ten times as often as a run has one. */
async function pretend({ run, end }, isOver) {
  await run.hold(async (held) => {
    const steps = 1000;
    const first = { format: 2, run: await held.identity() };
    await held.store.append('metrics.jsonl', `${JSON.stringify(first)}\n`);
    for (let step = 0; step < steps && !isOver(); step += 100) {
      const rows = Array.from({ length: 100 }, (_, i) => ({
        ...{ phase: 'train', step: step + i + 1, epoch: step / 100 },
        ...{ loss: 2 / (1 + (step + i) / 100), gradientNorm: Math.sin((step + i) / 40) + 2 },
      }));
      await held.store.append(
        'metrics.jsonl',
        rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
      );
      await held.writeTimings({ pretrain: 5, search: 0, train: step / 100, evaluate: 0 });
      const progress = { phase: 'train', step: step + 100, steps, epoch: step / 100, epochs: 10 };
      await held.writeProgress(progress);
      await pause(2000);
    }
    if (!isOver()) await held.writeResult(end);
  });
}

const cpuSeconds = (pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
};

/** The longest that the page kept a frame waiting. */
async function longestFrameMs(page, work) {
  await page.evaluate(() => {
    globalThis.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries())
        globalThis.longest = Math.max(globalThis.longest, duration);
    }).observe({ type: 'longtask' });
  });
  await work();
  return page.evaluate(() => globalThis.longest);
}

const folder = await mkdtemp(join(tmpdir(), 'winnow-watch-'));
const { runs, study } = await makeUp(folder);
let isOver = false;
const queue = runs.values();
const workers = Array.from({ length: AT_A_TIME }, async () => {
  for (const run of queue) {
    if (isOver) return;
    await pretend(run, () => isOver);
  }
});
const watch = spawn(process.execPath, [WINNOW, 'watch', study, '--port', '0'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const browser = await chromium.launch({
  executablePath: programAt(options.chromium),
  args: ['--no-sandbox'],
});
try {
  const address = /http:\S+/.exec(String((await once(watch.stdout, 'data'))[0]))[0];
  const page = await browser.newPage();
  await page.goto(address);
  const before = cpuSeconds(watch.pid);
  const first = await page.locator('dl').textContent();
  const frameMs = await longestFrameMs(page, () => pause(1000 * SECONDS));
  const share = (cpuSeconds(watch.pid) - before) / SECONDS;
  const bytes = (await (await fetch(address)).text()).length;
  const isFresh = (await page.locator('dl').textContent()) !== first;
  const run = await page.locator('tbody a').first().getAttribute('href');
  console.log(
    `${RUNS} runs, ${SECONDS} s: page ${bytes} bytes, longest frame ${frameMs.toFixed(0)} ms, watch ${(100 * share).toFixed(1)} % of a core`,
  );
  const problems = [];
  if (!isFresh) problems.push('the page did not keep itself up to date');
  if (bytes > MOST_BYTES || frameMs > MOST_FRAME_MS || share > MOST_OF_A_CORE)
    problems.push('that is too much');
  for (const place of [address, new URL(run, address).href])
    for (const width of WIDTHS)
      for (const theme of THEMES) {
        const kind = place === address ? 'watch' : 'watch-run';
        const found = await lookAt(browser, place, {
          viewport: { width, height: 900 },
          colorScheme: theme,
          isOwn: (url) => url.startsWith(address),
          screenshot:
            options.screenshots && join(options.screenshots, `${kind}-${width}-${theme}.png`),
        });
        problems.push(...found.map((problem) => `${kind}, ${width} pixels, ${theme}: ${problem}`));
      }
  watch.kill('SIGINT');
  await page
    .locator('[role=status]', { hasText: 'No answer' })
    .waitFor({ timeout: 10_000 })
    .catch(() => {
      problems.push('the page did not say that it is not kept up to date any more');
    });
  console.log([`${problems.length || 'nothing'} wrong`, ...problems].join('\n  '));
  if (problems.length > 0) process.exitCode = 1;
} finally {
  isOver = true;
  watch.kill('SIGINT');
  await Promise.all([browser.close(), Promise.allSettled(workers)]);
  await rm(folder, { recursive: true, force: true });
}
