import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensors, Network } from '@winnow/plugin-api';
import { type ProgramLayer, compileProgram, valueAndGradient } from '@winnow/tensor-backend';
import { hashed, inFloat64 } from '@winnow/golden';
import { Packing } from '../packing.ts';

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** The share of its weights that each of `count` prunable layers keeps. */
export type Densities = (layer: number, count: number) => number;

export const MASKS = {
  'all weights': () => 1,
  '10 %': () => 0.1,
  '2 %': () => 0.02,
  '0.74 %': () => 0.0074,
  'few weights of the first layers': (i, count) => 0.01 + 0.3 * ((i + 1) / count) ** 3,
  'few weights of the last layers': (i, count) => 0.01 + 0.3 * ((count - i) / count) ** 3,
  'no weight of one layer': (i, count) => (i === count >> 1 ? 0 : 0.1),
  'no weight': () => 0,
  '60 %': () => 0.6,
  'all weights of the first layers, few of the last, none of one': (i, count) => {
    if (i === count >> 1) return 0;
    return i < count / 2 ? 1 : 0.02;
  },
  'most weights of the second and third layer, 1 % of the others': (i) =>
    i === 1 || i === 2 ? 0.6 : 0.01,
} satisfies Record<string, Densities>;

/** One entry a parameter, packed; all that is not prunable is kept. */
function maskOf({ parameters }: Network, densities: Densities): Uint8Array {
  const mask = new Uint8Array(new Packing(parameters).size);
  const count = parameters.filter((p) => p.prunable).length;
  let [layer, at] = [0, 0];
  for (const [i, { shape, prunable }] of parameters.entries()) {
    const density = prunable ? densities(layer++, count) : 1;
    for (const u of hashed(sizeOf(shape), 1000 + i, 0, 1)) mask[at++] = u < density ? 1 : 0;
  }
  return mask;
}

/** Weights as they are initialised, and scales and shifts that are neither 1 nor 0. */
function parametersOf({ parameters }: Network): Float32Array {
  const packing = new Packing(parameters);
  const packed = new Float32Array(packing.size);
  let stream = 1;
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

export interface Outcome {
  readonly logits: ArrayLike<number>;
  /** Of Σ dlogits · logits by the parameters that are kept, in order. */
  readonly gradient: ArrayLike<number>;
}

type Forward = (
  parameters: tf.Tensor1D,
  images: tf.Tensor4D,
  statistics?: NamedTensors,
) => tf.Tensor2D;

/** A network under a mask, with a batch of images, as ops, a program and plain loops in float64 compute it. */
export class MaskedNetwork {
  readonly #network: Network;
  readonly #batch: number;
  readonly #mask: Uint8Array;
  readonly #packing: Packing;
  readonly #parameters: Float32Array;
  readonly #images: Float32Array;
  readonly #dlogits: Float32Array;

  constructor(network: Network, densities: Densities, batch: number) {
    const { input, classes } = network;
    this.#network = network;
    this.#batch = batch;
    this.#mask = maskOf(network, densities);
    this.#packing = new Packing(network.parameters);
    this.#parameters = parametersOf(network).map((v, i) => (this.#mask[i] ? v : 0));
    this.#images = hashed(batch * input.height * input.width * input.channels, 0, -1.7, 1.7);
    this.#dlogits = hashed(batch * classes, 2000, -1, 1);
  }

  #kept<T extends Float32Array | Float64Array>(all: T): T {
    return all.filter((_, i) => this.#mask[i] === 1) as T;
  }

  #imagesTensor(): tf.Tensor4D {
    const { height, width, channels } = this.#network.input;
    return tf.tensor4d(this.#images, [this.#batch, height, width, channels]);
  }

  #outcome(parameters: Float32Array, forward: Forward) {
    return tf.tidy(() => {
      let logits = new Float32Array();
      const dlogits = tf.tensor2d(this.#dlogits, [this.#batch, this.#network.classes]);
      const { gradient } = valueAndGradient((x) => {
        const y = forward(x, this.#imagesTensor());
        logits = y.dataSync<'float32'>().slice();
        return tf.sum(tf.mul(y, dlogits));
      }, tf.tensor1d(parameters));
      return { logits, gradient: gradient.dataSync<'float32'>().slice() };
    });
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

  #byOps: Forward = (packed, images, statistics) =>
    this.#network.forward(
      this.#packing.unpack(packed),
      images,
      statistics ? { statistics } : undefined,
    );

  ops(): Outcome {
    const { logits, gradient } = this.#outcome(this.#parameters, this.#byOps);
    return { logits, gradient: this.#kept(gradient) };
  }

  frozenOps = () => this.#logits(this.#parameters, this.#byOps);

  #compiled<T>(
    differentiable: boolean,
    use: (kept: Float32Array, forward: Forward, layers: readonly ProgramLayer[]) => T,
  ): T {
    const { input, graph, parameters } = this.#network;
    const program = compileProgram({
      input,
      graph: graph!,
      parameters,
      kept: this.#mask,
      batch: this.#batch,
      differentiable,
    })!;
    const forward: Forward = (...given) => program.forward(...given);
    const result = use(this.#kept(this.#parameters), forward, program.layers);
    program.dispose();
    return result;
  }

  /** With what each of its layers is computed by. */
  program(): Outcome & { readonly layers: readonly ProgramLayer[] } {
    return this.#compiled(true, (kept, forward, layers) => ({
      ...this.#outcome(kept, forward),
      layers,
    }));
  }

  frozenProgram = () => this.#compiled(false, (kept, forward) => this.#logits(kept, forward));

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
    const gradients = pass.gradients(this.#dlogits);
    const gradient = new Float64Array(this.#packing.size);
    let at = 0;
    for (const name of this.#packing.names) {
      gradient.set(gradients.get(name)!, at);
      at += gradients.get(name)!.length;
    }
    return { logits: pass.logits, gradient: this.#kept(gradient), margin: pass.margin };
  }

  frozenExactly = () => this.#exactly(statisticsOf(this.#network)).logits;

  /** The largest error of the gradient of any parameter, in units of its largest entry, or of a thousandth of the largest of all. */
  worstGradientError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
    const all = largest(expected, 0, expected.length);
    let [worst, at, place] = [0, 0, 0];
    for (const { shape } of this.#network.parameters) {
      const mask = this.#mask.subarray(place, (place += sizeOf(shape)));
      const end = at + mask.reduce((count, is) => count + is, 0);
      const scale = Math.max(largest(expected, at, end), all / 1000);
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
