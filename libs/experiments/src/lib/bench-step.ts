import * as tf from '@tensorflow/tfjs-core';
import { Packing, initialize } from '@winnow/models';
import {
  type NamedTensors,
  type Network,
  type Objective,
  type RandomStreams,
  WinnowError,
} from '@winnow/plugin-api';
import { crossEntropy, hessianVectorProduct, vectors } from '@winnow/tensor-backend';
import { GradBalance, MaskSearch, assertMeetsNeeds } from '@winnow/pruners';
import { type Ticket, checkDensity } from '@winnow/tickets';
import { Trainee, inferenceOf } from '@winnow/training';
import { maskOfTicket, randomMask } from './bench-mask.ts';
import { randomBatch } from './random-batch.ts';

/** See `BenchMode`. */
export const BENCH_MODES = ['train', 'masked', 'cts', 'hessian', 'forward'] as const;
/** A dense SGD step, one under a fixed mask, a step of the CTS search, a Hessian-vector product, or inference alone. */
export type BenchMode = (typeof BENCH_MODES)[number];

export interface BenchSetting {
  readonly network: Network;
  /** Images in the one batch that all steps see. */
  readonly batch: number;
  /** Of the mask: drawn at random in `masked`, searched for in `cts`. */
  readonly density: number;
  /** In `masked` in place of a mask drawn at random; in `forward` in place of the dense network. */
  readonly ticket?: Ticket | undefined;
  readonly random: RandomStreams;
  /** Of `cts`. */
  readonly objective: Objective;
}

/** Takes one step; they are numbered from 0. */
export type BenchStep = (step: number) => void;

const LEARNING_RATE = 0.1;
/** Of the modes that train. */
export const RECIPE = { name: 'standard', momentum: 0.9, weightDecay: 1e-3, clipNorm: 2 } as const;

/** On the device for as long as the process lives. */
const batchOf = ({ network, batch, random }: BenchSetting) => randomBatch(network, batch, random);

/** That of `train`. */
function trainingStep(setting: BenchSetting, mask?: Uint8Array): BenchStep {
  const { network, random } = setting;
  const batch = batchOf(setting);
  const packing = new Packing(network.parameters);
  const fresh = initialize(network, random('initialisation'));
  const trainee = new Trainee(network, packing, packing.pack(fresh), mask, RECIPE);
  tf.dispose(fresh);
  return () => void trainee.step(batch, LEARNING_RATE).now();
}

/** That of `masked`. */
export function fixedMask({ network, density, random, ticket }: BenchSetting): Uint8Array {
  return ticket ? maskOfTicket(network, ticket) : randomMask(network, density, random);
}

/** That of the pruner `cts`, the drawing of its noise included. */
function searchStep(setting: BenchSetting): BenchStep {
  const { network, density, random, objective } = setting;
  if (density === 1) {
    throw new WinnowError('BAD_DENSITY', 'A search at density 1 has nothing to look for.', {
      hint: 'Give less than 1.',
    });
  }
  assertMeetsNeeds(objective, network);
  const batch = batchOf(setting);
  const second = { heldOut: batch, next: batch };
  const search = new MaskSearch({
    network,
    parameters: initialize(network, random('initialisation')),
    objective,
    control: new GradBalance(density),
    densityOf: () => density,
    random,
  });
  return (step) => void search.step({ step, batch, ...second }, LEARNING_RATE).now();
}

/** ∇²L · v of the batch's loss over the prunable weights, as GraSP needs it. */
function hessianStep(setting: BenchSetting): BenchStep {
  const { network, random } = setting;
  const batch = batchOf(setting);
  const prunable = Packing.prunable(network);
  const parameters = initialize(network, random('initialisation'));
  const weights = vectors().of(prunable.pack(parameters));
  const direction = vectors().of(random('direction').normals(prunable.size, 0));
  const product = vectors().zeros(prunable.size);
  const loss = (vector: tf.Tensor1D) =>
    crossEntropy(
      network.forward({ ...parameters, ...prunable.unpack(vector) }, batch.images),
      batch.labels,
    );
  return () =>
    tf.tidy(() => product.assign(hessianVectorProduct(loss, weights.tensor(), direction.tensor())));
}

/** Parameters as they are after training under a mask: 0 where it is. The given ones are disposed. */
function masked(network: Network, parameters: NamedTensors, mask: Uint8Array): NamedTensors {
  const packing = new Packing(network.parameters);
  const packed = packing.pack(parameters).map((value, i) => (mask[i] ? value : 0));
  tf.dispose(parameters);
  return packing.tensors(packed);
}

function forwardStep(setting: BenchSetting): BenchStep {
  const { network, random, ticket } = setting;
  const batch = batchOf(setting);
  const fresh = initialize(network, random('initialisation'));
  const mask = ticket && maskOfTicket(network, ticket);
  const inference = inferenceOf(network, mask ? masked(network, fresh, mask) : fresh, mask);
  return () => {
    tf.tidy(() => void inference.logits(batch.images).dataSync());
  };
}

/** What a mode repeats, made of the functions that real runs call. Throws BAD_DENSITY, UNSUPPORTED_MODEL, TICKET_MISMATCH. */
export function benchStep(mode: BenchMode, setting: BenchSetting): BenchStep {
  checkDensity(setting.density);
  switch (mode) {
    case 'train':
      return trainingStep(setting);
    case 'masked':
      return trainingStep(setting, fixedMask(setting));
    case 'cts':
      return searchStep(setting);
    case 'hessian':
      return hessianStep(setting);
    case 'forward':
      return forwardStep(setting);
  }
}

/** Throws INVALID_OPTION. */
export function benchMode(name: string): BenchMode {
  const mode = BENCH_MODES.find((m) => m === name);
  if (mode) return mode;
  throw new WinnowError('INVALID_OPTION', `There is no mode "${name}".`, {
    hint: `Give one of ${BENCH_MODES.join(', ')}.`,
  });
}
