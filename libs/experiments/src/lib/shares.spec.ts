import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { RunEvent } from '@winnow/plugin-api';
import { cpu } from '@winnow/tensor-backend';
import type { RunRequest } from './plan-run.ts';
import type { RunConfig } from './run-config.ts';
import { RunFolder } from './run-folder.ts';
import { type RunShares, writeShares } from './run-shares.ts';
import { roundsOfSearch, searchIdentity, startIdentity } from './shared-work.ts';
import { memoryRunStore } from './store/memory-run-store.ts';
import { TOYS, attemptToy, planToy } from './testing/toy-run.ts';

beforeAll(() => cpu.start());

const CTS: Partial<RunRequest> = { start: 'rewind', options: { searchEpochs: 1 } };
const SNIP: Partial<RunRequest> = { method: 'snip', options: { examplesPerClass: 2 } };
const LTR: Partial<RunRequest> = {
  ...{ method: 'ltr', start: 'rewind', epochs: 3, rewindEpochs: 1 },
  options: { rate: 0.7 },
};

type Files = Map<string, Uint8Array>;
const textsOf = (files: Files, folder: string) =>
  Object.fromEntries(
    [...files]
      .filter(([name]) => name.startsWith(`${folder}/`) && !name.endsWith('/shares.json'))
      .map(([name, bytes]) => [name, Buffer.from(bytes).toString('latin1')]),
  );

/** Of a run that may take from another one: its files, and what it tells. */
async function sharing(
  first: Partial<RunRequest> | undefined,
  second: Partial<RunRequest>,
  shares: RunShares,
) {
  const files: Files = new Map();
  if (first) await attemptToy(await planToy(first), new RunFolder(memoryRunStore(files, 'first')));
  const folder = new RunFolder(memoryRunStore(files, 'second'));
  const plan = await planToy(second);
  await folder.claim(plan.config);
  await writeShares(folder, shares);
  const { events } = await attemptToy(plan, folder);
  return { texts: textsOf(files, 'second'), events };
}

const phases = (events: readonly RunEvent[]) => [
  ...new Set(events.flatMap((event) => (event.type === 'step' ? [event.phase] : []))),
];

describe('a run that takes from another one', () => {
  it.each<
    [what: string, first: Partial<RunRequest>, second: Partial<RunRequest>, RunShares, string[]]
  >([
    [
      'its start point',
      { ...SNIP, start: 'rewind', density: 0.2 },
      CTS,
      { start: '../first' },
      ['search', 'train', 'evaluate'],
    ],
    [
      'the ticket of scores at the initialisation, which training does not change',
      { ...SNIP, epochs: 5 },
      { ...SNIP, learningRate: 0.2 },
      { start: '../first', ticket: '../first' },
      ['train', 'evaluate'],
    ],
    [
      'the ticket that it fine-tunes',
      CTS,
      { ...CTS, fineTune: true, fineTuneEpochs: 1 },
      { start: '../first', ticket: '../first' },
      ['train', 'evaluate'],
    ],
    [
      'a ticket on the way to one of a lower density',
      { ...LTR, density: 0.7 ** 4 },
      { ...LTR, density: 0.7 ** 2 },
      { start: '../first', rounds: '../first' },
      ['train', 'evaluate'],
    ],
    [
      'a ticket of as many weights, which its own search would train once more',
      { ...LTR, density: 0.7 ** 4 },
      { ...LTR, density: 0.48998 },
      { rounds: '../first' },
      ['pretrain', 'train', 'evaluate'],
    ],
  ])('%s has every file as if it had done all itself', async (_, first, second, shares, left) => {
    const alone = await sharing(undefined, second, {});
    const { texts, events } = await sharing(first, second, shares);
    expect(phases(events)).toEqual(left);
    expect(texts).toEqual(alone.texts);
    expect(events.filter(({ type }) => type === 'round')).toEqual(
      alone.events.filter(({ type }) => type === 'round'),
    );
  });

  it.each<[what: string, first: Partial<RunRequest> | undefined, second: Partial<RunRequest>]>([
    ['that is not there', undefined, CTS],
    ['of another seed', { ...CTS, seed: 2 }, CTS],
    ['of other options of the search', { ...LTR, density: 0.2, options: { rate: 0.6 } }, LTR],
    ['of fewer rounds', { ...LTR, density: 0.6 }, { ...LTR, density: 0.49 }],
    ['with no such ticket', { ...LTR, density: 0.7 ** 4 }, { ...LTR, density: 0.4 }],
  ])('takes nothing from one %s but what is its own', async (_, first, second) => {
    const shares = { start: '../first', ticket: '../first', rounds: '../first' };
    const { texts } = await sharing(first, second, shares);
    expect(texts).toEqual((await sharing(undefined, second, {})).texts);
  });

  it.each([
    ['the ticket', CTS, CTS, { ticket: '../first' }],
    [
      'rounds',
      { ...LTR, density: 0.7 ** 4 },
      { ...LTR, density: 0.7 ** 2 },
      { rounds: '../first' },
    ],
  ] as const)('takes not %s of another start point', async (_, first, second, shares) => {
    const files: Files = new Map();
    const giver = new RunFolder(memoryRunStore(files, 'first'));
    await attemptToy(await planToy(first), giver);
    const plan = await planToy(second);
    const taker = new RunFolder(memoryRunStore(files, 'second'));
    await taker.claim(plan.config);
    await writeShares(taker, shares);
    // As a machine trains it that rounds otherwise.
    const { tensors } = await giver.readTensors('start');
    const other = [...tensors].map(([name, { shape, data }]) => {
      const doubled = Float32Array.from(data as Float32Array, (weight) => 2 * weight);
      return [name, { shape, data: doubled }] as const;
    });
    await taker.writeTensors('start', other);
    const { events } = await attemptToy(plan, taker);
    expect(phases(events)).toContain('search');
  });

  it.each([
    ...['backend', 'instructions', 'tensorflow', 'winnow', 'commit'].map(
      (name) => [name, true] as const,
    ),
    ['node', false] as const,
  ])('searches itself where the other is of another %s: %s', async (name, isSearched) => {
    const files: Files = new Map();
    const giver = new RunFolder(memoryRunStore(files, 'first'));
    await attemptToy(await planToy(SNIP), giver);
    const [environment] = await giver.readEnvironments();
    await giver.writeEnvironments([{ ...environment, [name]: 'another' }]);
    const plan = await planToy({ ...SNIP, learningRate: 0.2 });
    const taker = new RunFolder(memoryRunStore(files, 'second'));
    await taker.claim(plan.config);
    await writeShares(taker, { ticket: '../first' });
    const { events } = await attemptToy(plan, taker);
    const searches = events.some((event) => event.type === 'phase' && event.phase === 'search');
    expect(searches).toBe(isSearched);
  });
});

it('has its start point by one file with the other, on a disk', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'winnow-shares-'));
  const folders = ['first', 'second'].map((name) => new RunFolder(join(dir, name)));
  for (const [i, folder] of folders.entries()) {
    const plan = await planToy({ ...SNIP, start: 'rewind', density: i ? 0.2 : 0.4 });
    await folder.hold((held) => held.claim(plan.config));
    await writeShares(folder, i ? { start: '../first' } : {});
    await attemptToy(plan, folder);
  }
  const [first, second] = await Promise.all(folders.map(({ start }) => stat(start)));
  expect([second!.ino, second!.nlink]).toEqual([first!.ino, 2]);
  await rm(dir, { recursive: true });
});

describe('what runs have in common', () => {
  const config = async (request: Partial<RunRequest>) => (await planToy(request)).config;

  it('is one start, wherever data lie and in whatever order options are given', async () => {
    const dense = { method: 'dense', density: 1 };
    const one = await config({
      ...dense,
      dataset: 'toy-data:here',
      options: { units: 4, blur: 1 },
    });
    const two = await config({
      ...dense,
      dataset: 'toy-data:there',
      options: { blur: 1, units: 4 },
    });
    expect(startIdentity(one)).toBe(startIdentity(two));
    expect(startIdentity(one)).not.toBe(startIdentity(await config({ ...dense })));
  });

  it('is a start whatever code the method and the objective are', async () => {
    const code = (sha256: string, brings: RunConfig['plugins'][number]['brings']) => ({
      plugins: [{ name: 'mine', specifier: '/mine.js', sha256, brings: brings! }],
    });
    const rewound = await config(CTS);
    const search = startIdentity({ ...rewound, ...code('a', ['method', 'objective']) });
    expect(search).toBe(startIdentity(rewound));
    for (const what of ['model', 'dataset', 'backend'] as const) {
      const [one, other] = ['a', 'b'].map((sha) =>
        startIdentity({ ...rewound, ...code(sha, ['objective', what]) }),
      );
      expect(one).not.toBe(other);
    }
    const fresh = await config({ ...CTS, start: 'init' });
    const freshBy = (...brings: Parameters<typeof code>[1] & object) =>
      startIdentity({ ...fresh, ...code('a', brings) });
    expect(freshBy('method', 'dataset', 'backend')).toBe(startIdentity(fresh));
    expect(freshBy('model')).not.toBe(startIdentity(fresh));
  });

  it('is a start before any training, and after the same; fresh weights of an ablation are none', async () => {
    const start = async (request: Partial<RunRequest>) => startIdentity(await config(request));
    expect(await start({ ...SNIP, epochs: 5 })).toBe(await start({ ...CTS, start: 'init' }));
    expect(await start({ ...CTS, epochs: 5 })).not.toBe(await start(CTS));
    const altered = { ...(await config(SNIP)), ablation: 'reinitialise' } as const;
    expect(startIdentity(altered)).not.toBe(await start(SNIP));
    expect(startIdentity({ ...altered, ablation: 'shuffle' })).toBe(await start(SNIP));
  });

  it('is a search where nothing that it sees differs', async () => {
    const search = async (request: Partial<RunRequest>) =>
      searchIdentity(await config(request), TOYS);
    expect(await search({ ...SNIP, epochs: 5 })).toBe(await search(SNIP));
    expect(await search({ ...SNIP, batchSize: 8 })).not.toBe(await search(SNIP));
    expect(await search({ ...CTS, epochs: 5 })).not.toBe(await search(CTS));
    expect(await search({ method: 'dense', density: 1 })).toBeUndefined();
  });

  it('is the round at which a longer search has the ticket of a shorter one', async () => {
    const rounds = async (density: number) =>
      roundsOfSearch(await config({ ...LTR, density }), TOYS);
    const [two, three] = await Promise.all([rounds(0.49), rounds(0.343)]);
    expect([two!.passed, three!.passed]).toEqual([
      { at: 2, rounds: 2 },
      { at: 3, rounds: 3 },
    ]);
    expect((await rounds(0.48998))!.passed).toEqual({ at: 2, rounds: 2 });
    expect(two!.identity).toBe(three!.identity);
    expect((await rounds(0.5))!.passed).toBeUndefined();
    expect((await rounds(0.7))!.passed).toBeUndefined();
    expect(roundsOfSearch(await config(SNIP), TOYS)).toBeUndefined();
    // Each layer nears its density by the share of the way that is done to the final one.
    const own = { ...LTR, density: 0.49, layerDensities: { 'head.weight': 1 } };
    expect(roundsOfSearch(await config(own), TOYS)).toBeUndefined();
  });
});
