import * as tf from '@tensorflow/tfjs-core';
import { Packing } from '@winnow/models';
import {
  type Batch,
  type Clock,
  INTERRUPTED,
  type Network,
  interrupted,
  isWinnowError,
  nextTurn,
  systemClock,
} from '@winnow/plugin-api';
import { randomStreams } from '@winnow/tensor-backend';
import { engineInUse, threadsInUse } from '@winnow/tensor-backend/node';
import { Trainee, type TrainingRecipe, inferenceOf } from '@winnow/training';
import { median } from './median.ts';
import { randomBatch } from './random-batch.ts';
import type { Speed } from './speed.ts';

/** Nothing is measured from the first step on that takes longer. */
const LONGEST_MS = 2000;
const MOST_STEPS = 5;
/** Of the steps of one kind, after which no more are taken. */
const ENOUGH_MS = 400;

export interface SpeedSetting {
  readonly network: Network;
  /** Packed; they stay as they are. */
  readonly parameters: Float32Array;
  /** Of the ticket, where there is one. */
  readonly mask: Uint8Array | undefined;
  /** Images in a batch. */
  readonly batch: number;
  readonly recipe: TrainingRecipe;
  readonly backend: string;
  readonly signal: AbortSignal;
  readonly clock?: Clock | undefined;
}

interface Repeated {
  readonly step: () => void;
  readonly dispose: () => void;
}

function training({ network, parameters, recipe }: SpeedSetting, batch: Batch, mask?: Uint8Array) {
  const packing = new Packing(network.parameters);
  const trainee = new Trainee(network, packing, parameters.slice(), mask, recipe);
  return { step: () => void trainee.step(batch, 0).now(), dispose: () => trainee.dispose() };
}

function inference({ network, parameters }: SpeedSetting, { images }: Batch, mask?: Uint8Array) {
  const packing = new Packing(network.parameters);
  const kept = mask ? parameters.map((x, i) => (mask[i] ? x : 0)) : parameters;
  const tensors = packing.tensors(kept);
  const all = inferenceOf(network, tensors, mask);
  return {
    step: () => tf.tidy(() => void all.logits(images).dataSync()),
    dispose() {
      all.dispose();
      tf.dispose(tensors);
    },
  };
}

/** The median of a few steps after one to warm up; nothing where that takes too long. Throws INTERRUPTED. */
async function timed(
  { step }: Repeated,
  { signal, clock = systemClock }: SpeedSetting,
): Promise<number | null> {
  const once = () => {
    const start = clock();
    step();
    return clock() - start;
  };
  if (once() > LONGEST_MS) return null;
  const times: number[] = [];
  for (let spent = 0; times.length < MOST_STEPS && spent < ENOUGH_MS; spent += times.at(-1)!) {
    await nextTurn();
    if (signal.aborted) throw interrupted();
    times.push(once());
  }
  return Number(median(times).toPrecision(3));
}

/**
 * Times training steps and inference of one random batch, with all weights and under the ticket, on the current backend.
 * What takes least comes first, so that at most one step too long is waited for. Throws INTERRUPTED.
 */
export async function measureSpeed(setting: SpeedSetting): Promise<Speed> {
  const { network, mask } = setting;
  const batch = randomBatch(network, setting.batch, randomStreams(0));
  let isSlow = false;
  const msOf = async (make: (batch: Batch) => Repeated): Promise<number | null> => {
    if (isSlow) return null;
    let repeated: Repeated | undefined;
    try {
      repeated = make(batch);
      const ms = await timed(repeated, setting);
      isSlow = ms === null;
      return ms;
    } catch (error) {
      if (isWinnowError(error) && error.code === INTERRUPTED) throw error;
      // What the run does not need, such as the memory of a dense step, must not end it.
      isSlow = true;
      return null;
    } finally {
      repeated?.dispose();
    }
  };
  const under = async (work: typeof training | typeof inference) => [
    mask ? await msOf((images) => work(setting, images, mask)) : null,
    await msOf((images) => work(setting, images)),
  ];
  try {
    const [ticketInference, denseInference] = await under(inference);
    const [ticketTraining, denseTraining] = await under(training);
    return {
      batch: setting.batch,
      backend: setting.backend,
      threads: threadsInUse(),
      ...engineInUse(),
      dense: { train: denseTraining!, inference: denseInference! },
      ...(mask ? { ticket: { train: ticketTraining!, inference: ticketInference! } } : {}),
    };
  } finally {
    tf.dispose([batch.images, batch.labels]);
  }
}
