import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { networkFrom } from '@winnow/models';
import { type NamedTensors, type Network, WinnowError } from '@winnow/plugin-api';
import { translateModel } from './translate-model.ts';

/** A tf.LayersModel as Winnow sees it. */
export interface AdaptedModel {
  /**
   * Images → logits; parameters are `LAYER.weight` and `LAYER.bias`, in PyTorch's layout. A last softmax is left out.
   */
  readonly network: Network;
  /** Whether `model.predict` gives the softmax of the network's logits. */
  readonly softmax: boolean;
  /** The model's weights as the network's parameters; the caller disposes them. */
  readonly parameters: () => NamedTensors;
  /** The model's moving averages, for `ForwardOptions.statistics`; the caller disposes them. */
  readonly statistics: () => NamedTensors;
  /**
   * Sets the model's weights, and its moving averages to what `gatherStatistics` of @winnow/training found, which may be
   * left out where nothing normalises. `model.predict` then gives what the network gives by these statistics. Throws
   * WEIGHTS_MISMATCH, before anything is changed.
   */
  readonly handBack: (parameters: NamedTensors, statistics?: NamedTensors) => void;
}

const isStatistic = (name: string) => /\.running_(mean|var)$/.test(name);

/** Kernels [height, width, in, out] → [out, in, height, width], matrices [in, out] → [out, in]. */
function toWinnow(weights: tf.Tensor): tf.Tensor {
  if (weights.rank === 4) return tf.transpose(weights, [3, 2, 0, 1]);
  return weights.rank === 2 ? tf.transpose(weights) : tf.clone(weights);
}

function toLayers(weights: tf.Tensor): tf.Tensor {
  if (weights.rank === 4) return tf.transpose(weights, [2, 3, 1, 0]);
  return weights.rank === 2 ? tf.transpose(weights) : tf.clone(weights);
}

/**
 * Adapts a model for classification, Sequential or functional, to be pruned by any method, and handed back. Throws
 * UNSUPPORTED_MODEL, naming the layer and what is supported.
 */
export function adaptLayersModel(model: LayersModel): AdaptedModel {
  const { architecture, weights, input, classes, softmax } = translateModel(model);
  const network = networkFrom(model.name, architecture, input, classes);

  const read = (wanted: (name: string) => boolean): NamedTensors =>
    Object.fromEntries(
      weights.flatMap(({ layer, names }) => {
        const own = layer.getWeights();
        return names.flatMap((name, i) => (wanted(name) ? [[name, toWinnow(own[i]!)]] : []));
      }),
    );

  const converted = (given: NamedTensors, name: string, shape: readonly number[]): tf.Tensor => {
    const tensor = given[name];
    const back = tensor && toLayers(tensor);
    if (back?.shape.join() === shape.join()) return back;
    const problem = tensor ? `has the shape [${tensor.shape.join(', ')}]` : 'was not given';
    throw new WinnowError('WEIGHTS_MISMATCH', `"${name}" ${problem}.`, {
      hint: 'Give all parameters of the network, and the statistics that gatherStatistics of @winnow/training makes of them.',
    });
  };

  return {
    network,
    softmax,
    parameters: () => read((name) => !isStatistic(name)),
    statistics: () => read(isStatistic),
    handBack(parameters, statistics = {}) {
      const all = { ...parameters, ...statistics };
      tf.tidy(() => {
        const changes = weights.map(({ layer, names }) => {
          const own = layer.getWeights();
          return { layer, to: names.map((name, i) => converted(all, name, own[i]!.shape)) };
        });
        for (const { layer, to } of changes) layer.setWeights(to);
      });
    },
  };
}
