import { join } from 'node:path';
import { THEMES, WIDTHS, violations, misplaced } from '../look-at-page.mjs';
import { PlaygroundPage } from './playground-page.mjs';

/** The page with all that can be seen of it open, in both themes, wide and narrow. */
export async function checkLooks({ browser, address }, screenshots) {
  const problems = [];
  for (const width of WIDTHS)
    for (const colorScheme of THEMES) {
      const viewport = { width, height: 900 };
      // With a script of ours beside the page's own.
      const page = await PlaygroundPage.open(browser, address, {
        viewport,
        colorScheme,
        bypassCSP: true,
      });
      await page.load();
      const found = [...(await violations(page.page))];
      await page.page.locator('#budget').fill('5');
      await page.search();
      await page.button('Show a test image').click();
      await page.page.locator('.readings').waitFor();
      await page.button(/Open the editor/).click();
      await page.page.locator('.cm-content').waitFor();
      await page.page.locator('details').evaluate((one) => (one.open = true));
      found.push(...(await page.page.evaluate(misplaced)), ...(await violations(page.page)));
      if (screenshots) {
        const path = join(screenshots, `playground-${width}-${colorScheme}.png`);
        await page.page.screenshot({ path, fullPage: true });
      }
      found.push(...page.problems);
      problems.push(...found.map((one) => `${width} pixels, ${colorScheme}: ${one}`));
      await page.close();
    }
  return problems;
}
