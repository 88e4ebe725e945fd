import { readFile } from 'node:fs/promises';

/** Of a search under load. */
const PATIENCE = 900_000;

/** The playground in a browser, and what its visitor does there. */
export class PlaygroundPage {
  /** What the console said, and what was asked of elsewhere. */
  problems = [];

  static async open(browser, address, options = {}) {
    const own = new PlaygroundPage();
    own.browser = browser;
    own.address = address;
    own.context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      permissions: ['clipboard-read', 'clipboard-write'],
      ...options,
    });
    own.page = await own.context.newPage();
    own.page.setDefaultTimeout(PATIENCE);
    own.page.on('console', (message) => own.problems.push(`console: ${message.text()}`));
    own.page.on('pageerror', (error) => own.problems.push(`error: ${error.message}`));
    own.context.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(address) && !/^(data|blob):/.test(url))
        own.problems.push(`request: ${url}`);
    });
    return own;
  }

  /** Until it can search. */
  async load() {
    await this.page.goto(this.address);
    await this.page.locator('button.main:enabled').waitFor();
  }

  button(name) {
    return this.page.getByRole('button', { name });
  }

  /** The slider of density, by how often it is moved from its left end. */
  async setDensity(stop) {
    await this.page.locator('#density').fill(String(stop));
  }

  async setSeed(seed) {
    await this.page.locator('#seed').fill(String(seed));
    await this.page.locator('#seed').blur();
  }

  /** Moves the slider of time until the page names this plan; the seconds that this takes are the machine's. */
  async setPlan({ epochs, searchEpochs }) {
    const words = searchEpochs
      ? `${epochs} rounds of training, ${searchEpochs} of search`
      : `${epochs} rounds of training`;
    for (let seconds = 5; seconds <= 600; seconds += 5) {
      await this.page.locator('#budget').fill(String(seconds));
      const told = await this.page.locator('output[for=budget]').textContent();
      if (told.includes(words)) return;
    }
    throw new Error(`The page has no plan of ${words} here.`);
  }

  stage(number) {
    return this.page.locator(`.stages li:nth-child(${number})`);
  }

  /** Starts, and waits until all stages are done. */
  async search() {
    await this.button('Find a ticket').click();
    await this.finish();
  }

  async finish() {
    await this.page.locator('.standing', { hasText: /^Done$/ }).waitFor();
  }

  /** By network: whole, ticket, random, as the page tells it, in percent. */
  async accuracies() {
    const cells = await this.page
      .locator('[aria-labelledby=result] tbody tr td:nth-child(3)')
      .allTextContents();
    return cells.map((text) => parseFloat(text));
  }

  /** The bytes of what a button downloads. */
  async download(name) {
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      this.button(name).click(),
    ]);
    return readFile(await download.path());
  }

  close() {
    return this.context.close();
  }
}
