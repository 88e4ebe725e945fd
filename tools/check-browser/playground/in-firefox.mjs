import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Of a search under load. */
const PATIENCE = 900_000;
/** No first pages, no updates, nothing asked of elsewhere. */
const PREFERENCES = {
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'datareporting.policy.dataSubmissionEnabled': false,
  'app.update.enabled': false,
  'toolkit.telemetry.enabled': false,
};

/**
 * What a visitor does, within the page, as its own script: a short search, stopped and gone on with. It hands over what the page
 * shows, the ticket, and how many milliseconds the page took to answer, and the worker to stop.
 */
function visit() {
  const until = async (find, everyMs = 100) => {
    for (;;) {
      const found = find();
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  };
  const post = (path, body) => fetch(path, { method: 'POST', body });
  const text = (selector) => document.querySelector(selector)?.textContent ?? '';
  const button = (name) =>
    [...document.querySelectorAll('button:enabled')].find((one) =>
      one.textContent.startsWith(name),
    );
  const click = (name) => button(name).click();
  const stopAndGoOn = async () => {
    const from = performance.now();
    click('Stop');
    await until(() => button('Go on'), 1);
    const answered = performance.now() - from;
    await until(() => text('.standing').startsWith('Stopped'), 1);
    const stopped = performance.now() - from;
    click('Go on');
    return { answered, stopped };
  };
  const shortest = () => {
    const budget = document.querySelector('#budget');
    budget.value = 5;
    budget.dispatchEvent(new Event('input', { bubbles: true }));
  };
  (async () => {
    addEventListener('error', ({ message }) => void post('/failed', message));
    await until(() => document.querySelector('button.main:enabled'));
    shortest();
    click('Find a ticket');
    await until(() => document.querySelector('.curves'));
    const stop = await stopAndGoOn();
    await until(() => text('.standing') === 'Done');
    const accuracies = [
      ...document.querySelectorAll('[aria-labelledby=result] tbody td:nth-child(3)'),
    ].map((cell) => parseFloat(cell.textContent));
    // The bytes are taken in place of a download.
    const ticket = new Promise((resolve) => {
      URL.createObjectURL = (blob) => {
        resolve(blob.arrayBuffer());
        return '#';
      };
    });
    click('The ticket');
    const bytes = [...new Uint8Array(await ticket)];
    await post('/done', JSON.stringify({ accuracies, stop, ticket: bytes }));
  })().catch((error) => post('/failed', String(error)));
}
export const VISIT = `(${visit})();`;

/** Opens an address in a headless Firefox with a profile of its own, until `work` is done. */
export async function inFirefox(firefox, address, work) {
  const profile = await mkdtemp(join(tmpdir(), 'winnow-firefox-'));
  const lines = Object.entries(PREFERENCES).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  await writeFile(join(profile, 'user.js'), lines.join(''));
  const child = spawn(firefox, ['--headless', '--no-remote', '--profile', profile, address], {
    stdio: 'ignore',
  });
  let timer;
  try {
    return await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (status) => reject(new Error(`${firefox} ended with ${status}.`)));
      timer = setTimeout(() => reject(new Error(`${firefox} gives no answer.`)), PATIENCE);
      work.then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
    if (child.exitCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await gone;
    }
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
