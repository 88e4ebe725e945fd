import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensors } from '@winnow/plugin-api';
import {
  NORMALIZATION_EPSILON,
  averagePool,
  conv,
  flatten,
  globalAveragePool,
  linear,
  maxPool,
  paddings,
} from '@winnow/tensor-backend';
import type { Layers } from './layers.ts';
import { extentOf, extentsOf } from './extent.ts';

/** tensor · 2^exponent: the activations of a deep network without normalisation pass what float32 can hold. */
export interface Flow {
  readonly tensor: tf.Tensor;
  readonly exponent: number;
}
type Images = tf.Tensor4D;
type Options<K extends keyof Layers<Flow>> = Parameters<Layers<Flow>[K]>;

/** Brings the largest number near 1 again where it has gone beyond 2^±8. */
function rescaled({ tensor, exponent }: Flow): Flow {
  const most = tf.tidy(() => tf.max(tf.abs(tensor)).dataSync()[0]!);
  const shift = most > 0 && Number.isFinite(most) ? Math.floor(Math.log2(most)) : 0;
  if (Math.abs(shift) < 8) return { tensor, exponent };
  return { tensor: tf.mul(tensor, 2 ** -shift), exponent: exponent + shift };
}

/**
 * A network as SynFlow reads it (Tanaka et al., arXiv 2006.05467, and this method's reading of normalisation): with mean 0
 * and variance 1 in place of the batch's. Parameters are taken as they are given, so they must be absolute values.
 */
export class SynapticFlow implements Layers<Flow> {
  readonly #parameters: NamedTensors;

  constructor(parameters: NamedTensors) {
    this.#parameters = parameters;
  }

  #parameter<T extends tf.Tensor>(name: string): T {
    return this.#parameters[name] as T;
  }

  /** A parameter that is added, in the units of a flow. */
  #added(name: string, exponent: number): tf.Tensor {
    return tf.mul(this.#parameter(name), 2 ** -exponent);
  }

  conv(...[name, x, options]: Options<'conv'>): Flow {
    const { stride = 1, padding = 0, bias = false, groups, dilation } = options;
    const weight = this.#parameter<Images>(`${name}.weight`);
    const y = conv(x.tensor as Images, weight, { stride, padding, groups, dilation });
    const { exponent } = x;
    return rescaled({
      tensor: bias ? tf.add(y, this.#added(`${name}.bias`, exponent)) : y,
      exponent,
    });
  }

  normalize(...[name, x, options = {}]: Options<'normalize'>): Flow {
    const { exponent } = x;
    const { residual, epsilon = NORMALIZATION_EPSILON, scale = true, shift = true } = options;
    const normal = tf.mul(x.tensor, 1 / Math.sqrt(1 + epsilon));
    const scaled = scale ? tf.mul(normal, this.#parameter(`${name}.weight`)) : normal;
    const y = shift ? tf.add(scaled, this.#added(`${name}.bias`, exponent)) : scaled;
    const flow = { tensor: y, exponent };
    return residual ? this.add(flow, residual) : rescaled(flow);
  }

  add(x: Flow, y: Flow): Flow {
    const exponent = Math.max(x.exponent, y.exponent);
    return rescaled({
      tensor: tf.add(
        tf.mul(x.tensor, 2 ** (x.exponent - exponent)),
        tf.mul(y.tensor, 2 ** (y.exponent - exponent)),
      ),
      exponent,
    });
  }

  multiply(x: Flow, y: Flow): Flow {
    return rescaled({ tensor: tf.mul(x.tensor, y.tensor), exponent: x.exponent + y.exponent });
  }

  concat(parts: readonly [Flow, ...Flow[]]): Flow {
    const exponent = Math.max(...parts.map((part) => part.exponent));
    const tensors = parts.map((part) => tf.mul(part.tensor, 2 ** (part.exponent - exponent)));
    return { tensor: tf.concat(tensors, -1), exponent };
  }

  // Nothing here is negative. Whatever stands in the place of a ReLU is read as one: bounded or bent, there would be no flow
  // that is conserved.
  relu(x: Flow): Flow {
    return x;
  }

  leakyRelu(x: Flow): Flow {
    return x;
  }

  relu6(x: Flow): Flow {
    return x;
  }

  gelu(x: Flow): Flow {
    return x;
  }

  tanh(x: Flow): Flow {
    return x;
  }

  sigmoid(x: Flow): Flow {
    return x;
  }

  elu(x: Flow): Flow {
    return x;
  }

  silu(x: Flow): Flow {
    return x;
  }

  /** By absolute values, as parameters are. */
  affine(...[{ tensor, exponent }, { factor, offset }]: Options<'affine'>): Flow {
    const scaled = tf.mul(tensor, Math.abs(factor));
    return rescaled({ tensor: tf.add(scaled, Math.abs(offset) * 2 ** -exponent), exponent });
  }

  pad(...[x, sides]: Options<'pad'>): Flow {
    return { ...x, tensor: tf.pad(x.tensor as Images, paddings(sides)) };
  }

  reshape(...[x, shape]: Options<'reshape'>): Flow {
    return { ...x, tensor: tf.reshape(x.tensor, [x.tensor.shape[0], ...extentsOf(shape)]) };
  }

  averagePool(...[x, { size, stride, padding = 0 }]: Options<'averagePool'>): Flow {
    const options = { size: extentOf(size), stride, padding };
    return { ...x, tensor: averagePool(x.tensor as Images, options) };
  }

  maxPool(...[x, { size, stride, padding = 0 }]: Options<'maxPool'>): Flow {
    return { ...x, tensor: maxPool(x.tensor as Images, { size: extentOf(size), stride, padding }) };
  }

  subsample(...[x, { stride, channels }]: Options<'subsample'>): Flow {
    const kept = maxPool(x.tensor as Images, { size: [1, 1], stride, padding: 0 });
    const added = channels - kept.shape[3];
    const before = Math.floor(added / 2);
    const none: [number, number] = [0, 0];
    return { ...x, tensor: tf.pad(kept, [none, none, none, [before, added - before]]) };
  }

  globalAveragePool(x: Flow): Flow {
    return { ...x, tensor: globalAveragePool(x.tensor as Images) };
  }

  flatten(...[x, { order } = {}]: Options<'flatten'>): Flow {
    return { ...x, tensor: flatten(x.tensor as Images, order) };
  }

  linear(...[name, x, { bias = true }]: Options<'linear'>): Flow {
    const { exponent } = x;
    const y = linear(x.tensor as tf.Tensor2D, this.#parameter<tf.Tensor2D>(`${name}.weight`));
    return rescaled({
      tensor: bias ? tf.add(y, this.#added(`${name}.bias`, exponent)) : y,
      exponent,
    });
  }
}
