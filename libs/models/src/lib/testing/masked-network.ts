import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensors, Network, ShownValue } from '@winnow/plugin-api';
import {
  type Program,
  type ProgramLayer,
  compileProgram,
  valueAndGradient,
} from '@winnow/tensor-backend';
import { hashed, inFloat64 } from '@winnow/golden';
import { Packing } from '../packing.ts';
import { type Densities, maskOf } from './masks.ts';

/** Of `hashed`, that one network takes. */
const STREAMS = 10_000;

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** Weights as they are initialised, and scales and shifts that are neither 1 nor 0. */
function parametersOf({ parameters }: Network, from: number): Float32Array {
  const packing = new Packing(parameters);
  const packed = new Float32Array(packing.size);
  let stream = from + 1;
  for (const [name, { shape, data }] of packing.views(packed)) {
    const bound = Math.sqrt(6 / sizeOf(shape.slice(1)));
    const range = (): [low: number, high: number] => {
      if (shape.length > 1) return [-bound, bound];
      return name.endsWith('bias') ? [-0.5, 0.5] : [0.5, 1.5];
    };
    data.set(hashed(data.length, stream++, ...range()));
  }
  return packed;
}

/** Running means and variances of each normalisation, by name. */
function statisticsOf({ graph }: Network): Map<string, Float32Array> {
  const statistics = new Map<string, Float32Array>();
  for (const [i, layer] of graph!.layers.entries()) {
    if (layer.op !== 'normalize') continue;
    const channels = 'units' in layer.shape ? layer.shape.units : layer.shape.channels;
    statistics.set(`${layer.name}.running_mean`, hashed(channels, 3000 + i, -0.3, 0.3));
    statistics.set(`${layer.name}.running_var`, hashed(channels, 4000 + i, 0.3, 2));
  }
  return statistics;
}

/** Of the i-th activation in what is differentiated. */
const slopeOf = (size: number, i: number) => hashed(size, 5000 + i, -1, 1);

export interface Outcome {
  readonly logits: ArrayLike<number>;
  /** Of those that the network shows, in order; none unless they are asked for. */
  readonly activations: readonly ArrayLike<number>[];
  /** Of Σ slopes · values, over logits and activations, by the parameters that are kept, in order. */
  readonly gradient: ArrayLike<number>;
}

interface Shown {
  readonly logits: tf.Tensor2D;
  readonly activations: readonly tf.Tensor[];
}

type Show = (parameters: tf.Tensor1D, images: tf.Tensor4D) => Shown;
type Forward = (
  parameters: tf.Tensor1D,
  images: tf.Tensor4D,
  statistics: NamedTensors,
) => tf.Tensor2D;

export interface MaskedNetworkOptions {
  /** Of masks, parameters and images; 0 when left out. */
  readonly stream?: number;
  /** Whether activations are asked for. */
  readonly shows?: boolean;
}

/** A network under a mask, with a batch of images, as ops, a program and plain loops in float64 compute it. */
export class MaskedNetwork {
  readonly #network: Network;
  readonly #batch: number;
  readonly #shown: readonly ShownValue[];
  readonly #mask: Uint8Array;
  readonly #packing: Packing;
  readonly #parameters: Float32Array;
  readonly #images: Float32Array;
  readonly #dlogits: Float32Array;

  constructor(
    network: Network,
    densities: Densities,
    batch: number,
    { stream = 0, shows = false }: MaskedNetworkOptions = {},
  ) {
    const { input, classes, graph } = network;
    const from = stream * STREAMS;
    this.#network = network;
    this.#batch = batch;
    this.#shown = shows ? graph!.activations! : [];
    this.#mask = maskOf(network, densities, from);
    this.#packing = new Packing(network.parameters);
    this.#parameters = parametersOf(network, from).map((v, i) => (this.#mask[i] ? v : 0));
    this.#images = hashed(batch * input.height * input.width * input.channels, from, -1.7, 1.7);
    this.#dlogits = hashed(batch * classes, 2000 + from, -1, 1);
  }

  #kept<T extends Float32Array | Float64Array>(all: T): T {
    return all.filter((_, i) => this.#mask[i] === 1) as T;
  }

  #imagesTensor(): tf.Tensor4D {
    const { height, width, channels } = this.#network.input;
    return tf.tensor4d(this.#images, [this.#batch, height, width, channels]);
  }

  #outcome(parameters: Float32Array, show: Show): Outcome & { gradient: Float32Array } {
    let found: Outcome & { gradient: Float32Array };
    tf.tidy(() => {
      let numbers: Float32Array[] = [];
      const { gradient } = valueAndGradient((x) => {
        const { logits, activations } = show(x, this.#imagesTensor());
        const values = [logits, ...activations];
        numbers = values.map((value) => value.dataSync<'float32'>().slice());
        const slopes = [this.#dlogits, ...activations.map(({ size }, i) => slopeOf(size, i))];
        return tf.addN(
          values.map((value, i) => tf.sum(tf.mul(value, tf.tensor(slopes[i]!, value.shape)))),
        );
      }, tf.tensor1d(parameters));
      const [logits, ...activations] = numbers;
      const slopes = gradient.dataSync<'float32'>().slice();
      // Not returned from the tidy, which would search it for tensors, number by number.
      found = { logits: logits!, activations, gradient: slopes };
    });
    return found!;
  }

  #logits(parameters: Float32Array, forward: Forward): Float32Array {
    return tf.tidy(() => {
      const statistics = Object.fromEntries(
        [...statisticsOf(this.#network)].map(([name, values]) => [name, tf.tensor1d(values)]),
      );
      const y = forward(tf.tensor1d(parameters), this.#imagesTensor(), statistics);
      return y.dataSync<'float32'>().slice();
    });
  }

  ops(): Outcome {
    const { gradient, ...shown } = this.#outcome(this.#parameters, (packed, images) => {
      const activations: tf.Tensor[] = [];
      const capture = (activation: tf.Tensor) => void activations.push(activation);
      const named = this.#packing.unpack(packed);
      const logits = this.#network.forward(
        named,
        images,
        this.#shown.length > 0 ? { capture } : {},
      );
      return { logits, activations };
    });
    return { ...shown, gradient: this.#kept(gradient) };
  }

  frozenOps = () =>
    this.#logits(this.#parameters, (packed, images, statistics) =>
      this.#network.forward(this.#packing.unpack(packed), images, { statistics }),
    );

  #compiled<T>(differentiable: boolean, use: (kept: Float32Array, program: Program) => T): T {
    const { input, graph, parameters } = this.#network;
    const program = compileProgram({
      input,
      graph: graph!,
      parameters,
      kept: this.#mask,
      batch: this.#batch,
      differentiable,
      captures: differentiable ? this.#shown.map(({ value }) => value) : [],
    })!;
    const result = use(this.#kept(this.#parameters), program);
    program.dispose();
    return result;
  }

  /** With what each of its layers is computed by. */
  program(): Outcome & { readonly layers: readonly ProgramLayer[] } {
    return this.#compiled(true, (kept, program) => {
      const outcome = this.#outcome(kept, (packed, images) => {
        const { logits, captured } = program.show(packed, images);
        return { logits, activations: captured };
      });
      return { ...outcome, layers: program.layers };
    });
  }

  frozenProgram = () =>
    this.#compiled(false, (kept, program) =>
      this.#logits(kept, (...given) => program.forward(...given)),
    );

  #exactly(statistics?: Map<string, Float32Array>) {
    const views = this.#packing.views(this.#parameters);
    const parameters = new Map([...views].map(([name, { data }]) => [name, data]));
    const { input, graph } = this.#network;
    const [images, batch] = [this.#images, this.#batch];
    return inFloat64({
      input,
      graph: graph!,
      parameters,
      images,
      batch,
      ...(statistics && { statistics }),
    });
  }

  exactly(): Outcome & { readonly margin: number } {
    const pass = this.#exactly();
    const activations = this.#shown.map(({ value }) => pass.value(value));
    const slopes = new Map(
      this.#shown.map(({ value }, i) => [value, slopeOf(activations[i]!.length, i)]),
    );
    const gradients = pass.gradients(this.#dlogits, slopes);
    const gradient = new Float64Array(this.#packing.size);
    let at = 0;
    for (const name of this.#packing.names) {
      gradient.set(gradients.get(name)!, at);
      at += gradients.get(name)!.length;
    }
    const { logits, margin } = pass;
    return { logits, activations, gradient: this.#kept(gradient), margin };
  }

  frozenExactly = () => this.#exactly(statisticsOf(this.#network)).logits;

  /** The largest error of the gradient of any parameter, in units of its largest entry, or of a share (`least`) of the largest of all. */
  worstGradientError(actual: ArrayLike<number>, expected: ArrayLike<number>, least = 1e-3): number {
    const all = largest(expected, 0, expected.length);
    let [worst, at, place] = [0, 0, 0];
    for (const { shape } of this.#network.parameters) {
      const mask = this.#mask.subarray(place, (place += sizeOf(shape)));
      const end = at + mask.reduce((count, is) => count + is, 0);
      const scale = Math.max(largest(expected, at, end), least * all);
      for (; at < end; at++)
        worst = Math.max(worst, Math.abs(actual[at]! - expected[at]!) / (scale || 1));
    }
    return worst;
  }
}

function largest(values: ArrayLike<number>, from: number, to: number): number {
  let most = 0;
  for (let i = from; i < to; i++) most = Math.max(most, Math.abs(values[i]!));
  return most;
}
