import * as tf from '@tensorflow/tfjs-core';
import type { ForwardOptions, GraphValue, NamedTensors, NetworkGraph } from '@winnow/plugin-api';
import {
  averagePool,
  conv,
  flatten,
  gelu,
  globalAveragePool,
  linear,
  maxPool,
  normalize,
  paddings,
} from '@winnow/tensor-backend';
import { extentOf, extentsOf } from './extent.ts';
import type { Layers } from './layers.ts';
import { lastUses } from './lifetimes.ts';

type Images = tf.Tensor4D;
type Options<K extends keyof Layers<tf.Tensor>> = Parameters<Layers<tf.Tensor>[K]>;

/** Features [n, units] as images of one pixel. */
function asImages(x: tf.Tensor): Images {
  return x.rank === 4 ? (x as Images) : tf.reshape(x, [x.shape[0], 1, 1, x.shape[1]!]);
}

/** What a graph tells ahead of its layers, by their number from 1 on. */
export interface EvaluationPlan {
  /** Which results to free after which layer; none is where activations are captured. */
  readonly done: ReadonlyMap<number, GraphValue[]>;
  /** Names of the results that are captured. */
  readonly shown: ReadonlyMap<number, string>;
}

export function evaluationPlan(graph: NetworkGraph): EvaluationPlan {
  const shown = new Map(graph.activations?.map(({ name, value }) => [value, name]));
  return { done: lastUses(graph), shown };
}

/** Computes a network: each layer looks its parameters up by name and multiplies the mask in. */
export class Evaluation implements Layers<tf.Tensor> {
  readonly #parameters: NamedTensors;
  readonly #options: ForwardOptions;
  readonly #plan: EvaluationPlan;
  readonly #results: tf.Tensor[] = [];

  constructor(parameters: NamedTensors, options: ForwardOptions, plan: EvaluationPlan) {
    this.#parameters = parameters;
    this.#options = options;
    this.#plan = plan;
  }

  /** One layer; a gradient keeps what it needs of the intermediate results itself. */
  #layer(compute: () => tf.Tensor): tf.Tensor {
    const result = tf.tidy(compute);
    const count = this.#results.push(result);
    const { capture } = this.#options;
    const name = this.#plan.shown.get(count);
    if (name !== undefined) capture?.(result, name);
    if (!capture)
      for (const value of this.#plan.done.get(count) ?? []) this.#results[value - 1]!.dispose();
    return result;
  }

  #parameter<T extends tf.Tensor>(name: string): T {
    const parameter = this.#parameters[name];
    if (!parameter) throw new Error(`The parameter "${name}" was not given.`);
    const mask = this.#options.mask?.[name];
    return (mask ? tf.mul(parameter, mask) : parameter) as T;
  }

  #statistics(name: string) {
    const { statistics } = this.#options;
    if (!statistics) return undefined;
    const mean = statistics[`${name}.running_mean`] as tf.Tensor1D | undefined;
    const variance = statistics[`${name}.running_var`] as tf.Tensor1D | undefined;
    if (!mean || !variance) throw new Error(`Statistics of "${name}" were not given.`);
    return { mean, variance };
  }

  conv(...[name, x, options]: Options<'conv'>): tf.Tensor {
    const { stride = 1, padding = 0, bias = false, groups, dilation } = options;
    return this.#layer(() => {
      const weight = this.#parameter<Images>(`${name}.weight`);
      const y = conv(x as Images, weight, { stride, padding, groups, dilation });
      return bias ? tf.add(y, this.#parameter(`${name}.bias`)) : y;
    });
  }

  normalize(...[name, x, options = {}]: Options<'normalize'>): tf.Tensor {
    const { residual, relu, epsilon, scale = true, shift = true } = options;
    this.#options.observe?.(name, asImages(x));
    const channels = x.shape.at(-1)!;
    return this.#layer(() => {
      const normalized = normalize(
        asImages(x),
        scale ? this.#parameter<tf.Tensor1D>(`${name}.weight`) : tf.ones([channels]),
        shift ? this.#parameter<tf.Tensor1D>(`${name}.bias`) : tf.zeros([channels]),
        {
          residual: residual && asImages(residual),
          relu,
          epsilon,
          statistics: this.#statistics(name),
        },
      );
      return x.rank === 4 ? normalized : tf.reshape(normalized, x.shape);
    });
  }

  relu(x: tf.Tensor): tf.Tensor {
    return this.#layer(() => tf.relu(x));
  }

  leakyRelu(...[x, { slope = 0.01 } = {}]: Options<'leakyRelu'>): tf.Tensor {
    return this.#layer(() => tf.leakyRelu(x, slope));
  }

  relu6(x: tf.Tensor): tf.Tensor {
    return this.#layer(() => tf.relu6(x));
  }

  gelu(x: tf.Tensor): tf.Tensor {
    return this.#layer(() => gelu(x));
  }

  tanh(x: tf.Tensor): tf.Tensor {
    return this.#layer(() => tf.tanh(x));
  }

  sigmoid(x: tf.Tensor): tf.Tensor {
    return this.#layer(() => tf.sigmoid(x));
  }

  elu(x: tf.Tensor): tf.Tensor {
    return this.#layer(() => tf.elu(x));
  }

  silu(x: tf.Tensor): tf.Tensor {
    return this.#layer(() => tf.mul(x, tf.sigmoid(x)));
  }

  affine(...[x, { factor, offset }]: Options<'affine'>): tf.Tensor {
    return this.#layer(() => tf.add(tf.mul(x, factor), offset));
  }

  add(x: tf.Tensor, y: tf.Tensor): tf.Tensor {
    return this.#layer(() => tf.add(x, y));
  }

  multiply(x: tf.Tensor, y: tf.Tensor): tf.Tensor {
    return this.#layer(() => tf.mul(x, y));
  }

  concat(parts: readonly [tf.Tensor, ...tf.Tensor[]]): tf.Tensor {
    return this.#layer(() => tf.concat([...parts], -1));
  }

  averagePool(...[x, { size, stride, padding = 0 }]: Options<'averagePool'>): tf.Tensor {
    return this.#layer(() => averagePool(x as Images, { size: extentOf(size), stride, padding }));
  }

  maxPool(...[x, { size, stride, padding = 0 }]: Options<'maxPool'>): tf.Tensor {
    return this.#layer(() => maxPool(x as Images, { size: extentOf(size), stride, padding }));
  }

  subsample(...[x, { stride, channels }]: Options<'subsample'>): tf.Tensor {
    return this.#layer(() => {
      // A pooling of single pixels, since strided slices have no gradient.
      const kept = maxPool(x as Images, { size: [1, 1], stride, padding: 0 });
      const added = channels - kept.shape[3];
      const before = Math.floor(added / 2);
      return tf.pad(kept, [
        [0, 0],
        [0, 0],
        [0, 0],
        [before, added - before],
      ]);
    });
  }

  globalAveragePool(x: tf.Tensor): tf.Tensor {
    return this.#layer(() => globalAveragePool(x as Images));
  }

  flatten(...[x, { order } = {}]: Options<'flatten'>): tf.Tensor {
    return this.#layer(() => flatten(x as Images, order));
  }

  pad(...[x, sides]: Options<'pad'>): tf.Tensor {
    return this.#layer(() => tf.pad(x as Images, paddings(sides)));
  }

  reshape(...[x, shape]: Options<'reshape'>): tf.Tensor {
    return this.#layer(() => tf.reshape(x, [x.shape[0], ...extentsOf(shape)]));
  }

  linear(...[name, x, { bias = true }]: Options<'linear'>): tf.Tensor {
    return this.#layer(() => {
      const y = linear(x as tf.Tensor2D, this.#parameter<tf.Tensor2D>(`${name}.weight`));
      return bias ? tf.add(y, this.#parameter(`${name}.bias`)) : y;
    });
  }
}
