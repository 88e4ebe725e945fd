import { gzipSync } from 'node:zlib';

const MOST_BYTES = 450_000;

/** What is loaded until the page can search, by gzip. */
export async function checkFirstLoad(page) {
  const sizes = [];
  page.context.on('response', (response) => {
    sizes.push(
      response.body().then((body) => {
        const packed = response.url().endsWith('.gz') ? body : gzipSync(body, { level: 9 });
        return packed.length;
      }),
    );
  });
  await page.load();
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  console.log(`  ${sizes.length} files, ${(bytes / 1000).toFixed(1)} kB by gzip`);
  return bytes > MOST_BYTES ? [`that is more than ${MOST_BYTES / 1000} kB`] : [];
}
