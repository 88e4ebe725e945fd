import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { arraySource } from '@winnow/data';
import { type Architecture, networkFrom } from '@winnow/models';
import {
  type Checkpoints,
  INTERRUPTED,
  type PrunerDescriptor,
  isWinnowError,
} from '@winnow/plugin-api';
import { type TicketSearch, findTicket } from '@winnow/pruners';
import { wasm } from '@winnow/tensor-backend';
import { type Ticket, encodeTicket, keptCount } from '@winnow/tickets';
import { MemoryCheckpoints } from '@winnow/training';
import { type Check, type OnBackend, skipped, tensorCheck } from './check.ts';
import { TOY_CLASSES, TOY_SHAPE, drawnParameters, toyImages } from './toy-problem.ts';

export interface PrunerSetting extends OnBackend {
  /** The method's options; its defaults when left out. */
  readonly options?: Readonly<Record<string, unknown>>;
}

const SEED = 1;
const DENSITIES = [0.5, 0.2, 0.03];
/** Of searches that are compared with one another. */
const DENSITY = 0.2;
/** Of the event loop, that a method which was told to stop may take to its end: enough to read a file, not to go on working. */
const FEW_TURNS = 20;
const UNREPORTED = 'stops when told, also where it reports no steps';

/** In the vocabulary of networks, so that a method may read it as it likes, SynFlow included. */
const architecture: Architecture = (layers, images, classes) => {
  const first = layers.linear('fc1', layers.flatten(images), { units: 10 });
  const second = layers.linear('fc2', layers.relu(first), { units: 8 });
  return layers.linear('fc3', layers.relu(second), { units: classes });
};

const RECIPE = {
  learningRate: 0.1,
  epochs: 3,
  dropEpochs: [2],
  warmupEpochs: 0,
  weightDecay: 1e-3,
  batchSize: 16,
};

function part(count: number, seed: number) {
  const { images, labels } = toyImages(count, seed);
  return arraySource({ pixels: images, labels, shape: TOY_SHAPE });
}

/** How a search ended: with a ticket, or what it threw. */
interface Outcome {
  readonly ticket?: Ticket;
  readonly error?: Error;
}

/** The ticket that a search found; throws what it threw. */
function found({ ticket, error }: Outcome): Ticket {
  if (!ticket) throw error!;
  return ticket;
}

function assertInterrupted(error: Error): void {
  assert.ok(
    isWinnowError(error) && error.code === INTERRUPTED,
    `it ended with ${String(error)} and not with interrupted()`,
  );
}

function assertSame(one: Ticket, other: Ticket, problem: string): void {
  assert.ok(Buffer.from(encodeTicket(one)).equals(encodeTicket(other)), problem);
}

/** As the method, telling it to stop at the first turn that it leaves to others, and counting the turns that it takes from there. */
function stoppedAtOnce(pruner: PrunerDescriptor) {
  const controller = new AbortController();
  const counted = { turns: 0 };
  const method: PrunerDescriptor = {
    ...pruner,
    async findTicket(context, chosen) {
      let pending: NodeJS.Immediate;
      const turn = () => {
        controller.abort();
        counted.turns++;
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
  return { method, signal: controller.signal, counted };
}

/**
 * What a pruner must do, in searches on a network of three layers:
 * `for (const { name, skip, run } of prunerConformance(mine)) test(name, { skip }, run);`
 */
export function prunerConformance(
  pruner: PrunerDescriptor,
  { start = () => wasm.start(), options = {} }: PrunerSetting = {},
): Check[] {
  const outcome = async (
    method: PrunerDescriptor,
    density: number,
    setting: Pick<TicketSearch, 'checkpoints' | 'signal' | 'onProgress'> = {},
  ): Promise<Outcome> => {
    const network = networkFrom('toy', architecture, TOY_SHAPE, TOY_CLASSES);
    const parameters = drawnParameters(network, SEED);
    const [train, validation] = [part(96, 1), part(30, 2)];
    const work = { network, parameters, train, validation, recipe: RECIPE, options };
    try {
      return { ticket: await findTicket(method, { ...work, density, seed: SEED, ...setting }) };
    } catch (error) {
      return { error: error as Error };
    } finally {
      tf.dispose(parameters);
    }
  };
  const search = async (density: number, checkpoints?: Checkpoints) =>
    found(await outcome(pruner, density, checkpoints && { checkpoints }));
  /** After `stopAfter` steps the search is told to stop; gives how it ended, and the steps it reported after that. */
  const attempt = async (density: number, checkpoints: Checkpoints, stopAfter: number) => {
    const controller = new AbortController();
    let steps = 0;
    const onProgress = () => void (++steps >= stopAfter && controller.abort());
    const { signal } = controller;
    const { error } = await outcome(pruner, density, { checkpoints, signal, onProgress });
    return { error, stepsAfterStop: Math.max(0, steps - stopAfter) };
  };
  /** With the method's own density, where it has one. */
  const check = (name: string, work: (own?: number) => Promise<void>) =>
    tensorCheck(name, start, async () => work(await pruner.density?.(options)));
  return [
    check('keeps exactly ⌊κd⌋ weights', async (own) => {
      for (const density of own === undefined ? DENSITIES : [own]) {
        const { kept, size } = await search(density);
        assert.equal(kept, keptCount(density, size), `at density ${density}`);
      }
    }),
    check('finds the same ticket for the same seed', async (density = DENSITY) => {
      const [one, other] = [await search(density), await search(density)];
      assertSame(one, other, 'the tickets of two searches with one seed differ');
    }),
    check('stops when told, and goes on to the same ticket', async (density = DENSITY) => {
      const whole = await search(density);
      const checkpoints = new MemoryCheckpoints();
      for (const steps of [1, 2]) {
        const { error: stopped, stepsAfterStop } = await attempt(density, checkpoints, steps);
        assert.equal(stepsAfterStop, 0, 'steps that it reported after it was told to stop');
        // Methods that report no steps, or no more, are done before this could stop them.
        if (stopped !== undefined) assertInterrupted(stopped);
      }
      const resumed = await search(density, checkpoints);
      assertSame(resumed, whole, 'the ticket of a search that was stopped differs');
    }),
    pruner.density
      ? skipped(
          UNREPORTED,
          'a method with a density of its own takes a ticket, and searches for none',
        )
      : check(UNREPORTED, async () => {
          const { method, signal, counted } = stoppedAtOnce(pruner);
          const { error } = await outcome(method, DENSITY, { signal });
          if (error !== undefined) return assertInterrupted(error);
          assert.ok(
            counted.turns <= FEW_TURNS,
            `it worked on for ${counted.turns} turns of the event loop after it was told to stop`,
          );
        }),
  ];
}
