import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { type ProxyMethods, expose, releaseProxy } from 'comlink';
import type * as playground from './playground.ts';
import type * as pageState from './state.ts';
import type { Ending, OpenedImages, OwnImage, SearchApi } from './worker/search-api.ts';

const IMAGES: OpenedImages = {
  classNames: ['cat', 'dog'],
  shape: { height: 8, width: 8, channels: 1 },
  ...{ training: 64, testing: 16, weights: 1000, stepsAnEpoch: 2 },
  speed: { trainMs: 1, searchMs: 1 },
  objectives: [{ name: 'kl', summary: '' }],
};
const REFUSED = { code: 'BAD_DATA', sentence: 'These images are all of one kind.', hint: '' };

/** What the page asked the worker for, by name. */
const asked: string[] = [];
let ending: Ending;
/** Refuses images where there are none. */
const worker: Partial<SearchApi> = {
  // Nothing is told here; what would tell it would keep this process.
  listen: (tell) => (tell as Partial<ProxyMethods>)[releaseProxy]?.(),
  open(images) {
    asked.push('open');
    return Promise.resolve(images?.length === 0 ? { trouble: REFUSED } : IMAGES);
  },
  run: () => Promise.resolve(ending),
  forget: () => {},
};

const ports: MessagePort[] = [];
let page: typeof playground;
let state: typeof pageState;
beforeAll(async () => {
  const stand = {
    // In the place of the worker one end of a channel, whose other end answers.
    Worker: function Worker() {
      const { port1, port2 } = new MessageChannel();
      expose(worker, port2);
      ports.push(port1, port2);
      return port1;
    },
    document: { addEventListener: () => {}, hidden: false },
  };
  Object.assign(globalThis, stand);
  page = await import('./playground.ts');
  state = await import('./state.ts');
});
afterAll(() => ports.forEach((port) => port.close()));

const standing = () => state.standing.peek();
const begun = async (how: Ending) => {
  ending = how;
  await page.start();
};

beforeEach(() => page.openImages());
afterEach(() => page.openImages([{} as OwnImage]));

it.each(['stopped', 'done'] as const)(
  'keeps a run that is %s where images are refused',
  async (ended) => {
    await begun({ ended });
    const shown = state.shown.peek();
    expect([standing(), shown?.setting.density]).toEqual([ended, state.density.peek()]);
    await page.openImages([]);
    expect(state.trouble.peek()).toEqual(REFUSED);
    expect([standing(), state.shown.peek()]).toEqual([ended, shown]);
  },
);

it('keeps a run where the same images are asked for', async () => {
  await begun({ ended: 'done' });
  const shown = state.shown.peek();
  asked.length = 0;
  await page.openImages();
  expect(asked).toEqual([]);
  expect([standing(), state.shown.peek()]).toEqual(['done', shown]);
  await page.openImages([{} as OwnImage]);
  expect(asked).toEqual(['open']);
  expect([standing(), state.shown.peek()]).toEqual(['ready', undefined]);
});

it('knows whether a run searches by the visitor’s own objective, whatever that is called since', async () => {
  state.ownObjective.value = 'my-kl';
  state.objective.value = 'my-kl';
  await begun({ ended: 'done' });
  state.ownObjective.value = 'my-kl2';
  expect(state.shown.peek()!.byOwn).toBe(true);
  // What keeps the largest weights follows no objective.
  [state.objective.value, state.method.value] = ['my-kl2', 'magnitude'];
  await begun({ ended: 'done' });
  expect(state.shown.peek()!.byOwn).toBe(false);
});
