import { readFileSync } from 'node:fs';

const TEXT = /^VmRSS:\s+(\d+) kB$/m;
/** What the later half of searches may add, in MiB. */
const MOST_GROWTH = 40;

/** Memory of the browser's processes that show pages, in MiB. */
async function mebibytes(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => Number(TEXT.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0))
    .reduce((sum, kilobytes) => sum + kilobytes / 1024, 0);
}

/** Searches one after another; from the middle on they must leave memory as it is. */
export async function checkMemory(page, searches) {
  await page.load();
  const all = [];
  for (let i = 0; i < searches; i++) {
    await page.setSeed(i + 1);
    await page.page.locator('#budget').fill('5');
    await page.search();
    await page.button('Show a test image').click();
    await page.page.locator('.readings').waitFor();
    all.push(await mebibytes(page.browser));
  }
  console.log(`  MiB after each search: ${all.map((one) => one.toFixed(0)).join(' ')}`);
  if (all.some((one) => one === 0)) return ['their memory cannot be read'];
  const half = Math.floor(searches / 2);
  const least = (part) => Math.min(...part);
  const growth = least(all.slice(half)) - least(all.slice(1, half + 1));
  return growth > MOST_GROWTH ? [`they leave ${growth.toFixed(0)} MiB behind`] : [];
}
