/** How a visitor stops a search: in the page itself, since a driver takes its time. */

const STOPS = 12;
const HASTY = 3;
const MOST_MS = 100;
/** The worker ends its step first: on a machine under load that takes longer. */
const MOST_STEPS = 2;

/** Until a search is under way, and a few of its steps are done. */
export async function searching(page) {
  await page.stage(2).and(page.page.locator('.current')).waitFor();
  await page.page.locator('.curves').waitFor();
}

/** Steps of the search done so far. */
async function stepsDone(page) {
  const told = await page.page.locator('.stages .current .outcome').textContent();
  return Number(/step (\d+)/.exec(told)[1]);
}

/** What a step of the search takes now, in milliseconds. */
async function stepMs(page) {
  const [first, from] = [await stepsDone(page), performance.now()];
  await page.page.waitForTimeout(5000);
  return (performance.now() - from) / ((await stepsDone(page)) - first);
}

/** Presses Stop. Milliseconds until the page can be told to go on, and until its worker has stopped. */
function stop(page) {
  return page.page.evaluate(async () => {
    const button = (name) =>
      [...document.querySelectorAll('button:enabled')].find((one) => one.textContent === name);
    const standing = () => document.querySelector('.standing').textContent;
    const from = performance.now();
    const until = async (holds) => {
      while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
      return performance.now() - from;
    };
    button('Stop').click();
    const answered = await until(() => button('Go on'));
    return { answered, stopped: await until(() => standing().startsWith('Stopped')) };
  });
}

/** Presses buttons one after another, each as soon as it is there. What the page says of itself just before the last. */
export function pressInHaste(page, names) {
  return page.page.evaluate(async (all) => {
    let told;
    for (const name of all) {
      const found = () =>
        [...document.querySelectorAll('button:enabled')].find((one) => one.textContent === name);
      while (!found()) await new Promise((resolve) => setTimeout(resolve));
      told = document.querySelector('.standing').textContent;
      found().click();
    }
    return told;
  }, names);
}

/** Stops and goes on by the keyboard alone. */
async function stopByKeyboard(page) {
  const { keyboard } = page.page;
  await page.button('Stop').focus();
  await keyboard.press('Enter');
  await page.button('Go on').waitFor();
  await keyboard.press('Enter');
  await page.button('Stop').waitFor();
}

const middleOf = (all) => all.toSorted((a, b) => a - b)[all.length >> 1];
const words = (all) =>
  `${Math.min(...all).toFixed(0)} to ${Math.max(...all).toFixed(0)} ms, the middle one ${middleOf(all).toFixed(0)}`;

/** Stops a search many times, and goes on: after it has stopped, and before. Gives what is wrong. */
export async function stopAndGoOn(page) {
  await searching(page);
  const ofStep = await stepMs(page);
  const stops = [];
  for (let i = 0; i < STOPS; i++) {
    stops.push(await stop(page));
    await page.button('Go on').click();
    // Each at another part of a step.
    await page.page.waitForTimeout(300 + 37 * i);
  }
  let early = 0;
  for (let i = 0; i < HASTY; i++) {
    const told = await pressInHaste(page, ['Stop', 'Go on', 'Stop', 'Go on']);
    if (told.startsWith('Stopping')) early++;
    await page.page.waitForTimeout(300 + 37 * i);
  }
  await stopByKeyboard(page);
  const answered = stops.map((one) => one.answered);
  const stopped = stops.map((one) => one.stopped);
  console.log(
    `  ${STOPS} stops where a step takes ${ofStep.toFixed(0)} ms: answered after ${words(answered)}; stopped after ${words(stopped)}; ${early} of ${HASTY} times gone on before`,
  );
  // What presses the buttons takes some milliseconds itself.
  const isSlow = ofStep > 20;
  const problems = isSlow && early === 0 ? ['never gone on before the search had stopped'] : [];
  // By the middle one, as the longest is the machine's.
  const judge = (what, all, most) => {
    const ms = middleOf(all);
    if (ms > most) problems.push(`${what} after ${ms.toFixed(0)} ms`);
  };
  judge('answered', answered, MOST_MS);
  judge('stopped', stopped, Math.max(MOST_MS, MOST_STEPS * ofStep));
  return problems;
}
