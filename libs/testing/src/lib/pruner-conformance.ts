import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arraySource } from '@winnow/data';
import { type RunPlan, RunFolder, type RunSetting, planRun, runSearch } from '@winnow/experiments';
import { type Architecture, networkFrom } from '@winnow/models';
import objectives from '@winnow/objectives';
import {
  ComponentRegistry,
  INTERRUPTED,
  type PrunerDescriptor,
  defineDataset,
  defineModel,
  isWinnowError,
} from '@winnow/plugin-api';
import { wasm } from '@winnow/tensor-backend';
import { keptCount } from '@winnow/tickets';
import { readTicket } from '@winnow/tickets/files';
import { z } from 'zod';
import { type Check, type OnBackend, skipped, tensorCheck } from './check.ts';
import { TOY_CLASSES, TOY_SHAPE, toyImages } from './toy-problem.ts';

export interface PrunerSetting extends OnBackend {
  /** The method's options; its defaults when left out. */
  readonly options?: Readonly<Record<string, unknown>>;
}

const DENSITIES = [0.5, 0.2, 0.03];
/** Of searches that are compared with one another. */
const DENSITY = 0.2;
/** Of the event loop, that a method which was told to stop may take to its end: enough to read a file, not to go on working. */
const FEW_TURNS = 20;
const UNREPORTED = 'stops when told, also where it reports no steps';
const nothing = z.strictObject({});

/** In the vocabulary of networks, so that a method may read it as it likes, SynFlow included. */
const architecture: Architecture = (layers, images, classes) => {
  const first = layers.linear('fc1', layers.flatten(images), { units: 10 });
  const second = layers.linear('fc2', layers.relu(first), { units: 8 });
  return layers.linear('fc3', layers.relu(second), { units: classes });
};

const toyModel = defineModel({
  name: 'toy',
  summary: 'three layers',
  options: nothing,
  rewindEpochs: 1,
  build: (input, classes) => networkFrom('toy', architecture, input, classes),
});

function part(count: number, seed: number) {
  const { images, labels } = toyImages(count, seed);
  return arraySource({ pixels: images, labels, shape: TOY_SHAPE });
}

const toyData = defineDataset({
  name: 'toy',
  summary: 'images whose class shows in their brightest rows',
  options: nothing,
  open: () =>
    Promise.resolve({
      name: 'toy',
      input: TOY_SHAPE,
      classes: TOY_CLASSES,
      train: part(96, 1),
      validation: part(30, 2),
      test: part(30, 3),
      checksum: 'toy-1',
      recipe: {
        learningRate: 0.1,
        epochs: 3,
        dropEpochs: [2],
        warmupEpochs: 0,
        weightDecay: 1e-3,
        batchSize: 16,
      },
    }),
});

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'winnow-pruner-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * What a pruner must do, in searches of run folders on a network of three layers:
 * `for (const { name, skip, run } of prunerConformance(mine)) test(name, { skip }, run);`
 */
export function prunerConformance(
  pruner: PrunerDescriptor,
  { start = () => wasm.start(), options = {} }: PrunerSetting = {},
): Check[] {
  const registryWith = (method: PrunerDescriptor) =>
    new ComponentRegistry([method, toyModel, toyData, ...objectives.components]);
  const registry = registryWith(pruner);
  const plan = (density: number, seed: number): Promise<RunPlan> =>
    planRun(
      {
        method: pruner.name,
        model: 'toy',
        dataset: 'toy',
        density,
        seed,
        start: 'init',
        recipe: 'standard',
        options,
        plugins: [],
        backend: 'auto',
        versions: {},
      },
      registry,
    );
  /** How a search ended; nothing where it found its ticket. */
  const outcome = async (
    path: string,
    [density, seed]: readonly [number, number],
    setting: Pick<RunSetting, 'registry' | 'signal' | 'onProgress'>,
  ): Promise<Error | undefined> => {
    const { config, dataset } = await plan(density, seed);
    const whole = { dataset, checkpointSeconds: 1e6, ...setting };
    return runSearch(config, new RunFolder(path), whole).then(
      () => undefined,
      (reason: Error) => reason,
    );
  };
  /** After `stopAfter` steps the search is told to stop; gives how it ended, and the steps it reported after that. */
  const attempt = async (path: string, density: number, seed: number, stopAfter = Infinity) => {
    const controller = new AbortController();
    let steps = 0;
    const onProgress = () => void (++steps >= stopAfter && controller.abort());
    const { signal } = controller;
    const error = await outcome(path, [density, seed], { registry, signal, onProgress });
    return { error, stepsAfterStop: Math.max(0, steps - stopAfter) };
  };
  /** Tells the method to stop at the first turn that it leaves to others, and counts the turns that it took from there. */
  const attemptOneTurn = async (path: string, density: number, seed: number) => {
    const controller = new AbortController();
    let turns = 0;
    const watched: PrunerDescriptor = {
      ...pruner,
      async findTicket(context, chosen) {
        let pending: NodeJS.Immediate;
        const turn = () => {
          controller.abort();
          turns++;
          pending = setImmediate(turn);
        };
        pending = setImmediate(turn);
        try {
          return await pruner.findTicket(context, chosen);
        } finally {
          clearImmediate(pending);
        }
      },
    };
    const error = await outcome(path, [density, seed], {
      registry: registryWith(watched),
      signal: controller.signal,
      onProgress: () => {},
    });
    return { error, turns };
  };
  const assertInterrupted = (error: Error) =>
    assert.ok(
      isWinnowError(error) && error.code === INTERRUPTED,
      `it ended with ${String(error)} and not with interrupted()`,
    );
  /** The ticket file's bytes. */
  const search = async (path: string, density: number, seed: number) => {
    const { error } = await attempt(path, density, seed);
    if (error !== undefined) throw error;
    return readFile(new RunFolder(path).ticket);
  };
  /** With the method's own density, where it has one. */
  const check = (name: string, work: (folder: string, own?: number) => Promise<void>) =>
    tensorCheck(name, start, async () => {
      const own = await pruner.density?.(options);
      await inFolder((folder) => work(folder, own));
    });
  return [
    check('keeps exactly ⌊κd⌋ weights', (folder, own) =>
      (own === undefined ? DENSITIES : [own]).reduce(async (before, density) => {
        await before;
        const path = join(folder, String(density));
        await search(path, density, 1);
        const { kept, size } = await readTicket(new RunFolder(path).ticket);
        assert.equal(kept, keptCount(density, size), `at density ${density}`);
      }, Promise.resolve()),
    ),
    check('finds the same ticket for the same seed', async (folder, density = DENSITY) => {
      const one = await search(join(folder, 'one'), density, 1);
      const other = await search(join(folder, 'other'), density, 1);
      assert.ok(one.equals(other), 'the tickets of two searches with one seed differ');
    }),
    check('stops when told, and goes on to the same ticket', async (folder, density = DENSITY) => {
      const whole = await search(join(folder, 'whole'), density, 1);
      const path = join(folder, 'stopped');
      for (const steps of [1, 2]) {
        const { error: stopped, stepsAfterStop } = await attempt(path, density, 1, steps);
        assert.equal(stepsAfterStop, 0, 'steps that it reported after it was told to stop');
        // Methods that report no steps, or no more, are done before this could stop them.
        if (stopped !== undefined) assertInterrupted(stopped);
      }
      const resumed = await search(path, density, 1);
      assert.ok(resumed.equals(whole), 'the ticket of a search that was stopped differs');
    }),
    pruner.density
      ? skipped(
          UNREPORTED,
          'a method with a density of its own takes a ticket, and searches for none',
        )
      : check(UNREPORTED, async (folder) => {
          const { error, turns } = await attemptOneTurn(join(folder, 'stopped'), DENSITY, 1);
          if (error !== undefined) return assertInterrupted(error);
          assert.ok(
            turns <= FEW_TURNS,
            `it worked on for ${turns} turns of the event loop after it was told to stop`,
          );
        }),
  ];
}
