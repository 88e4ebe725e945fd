import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { networkFrom } from '@winnow/models';
import { type NamedTensors, type Network, WinnowError } from '@winnow/plugin-api';
import { translateModel } from './translate-model.ts';
import type { NamedLayout } from './translation.ts';

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

/**
 * Adapts a model for classification, Sequential or functional, to be pruned by any method, and handed back. Throws
 * UNSUPPORTED_MODEL, naming the layer.
 */
export function adaptLayersModel(model: LayersModel): AdaptedModel {
  const { architecture, weights, input, classes, softmax } = translateModel(model);
  const network = networkFrom(model.name, architecture, input, classes);

  const read = (wanted: (name: string) => boolean): NamedTensors =>
    Object.fromEntries(
      weights.flatMap(({ layer, weights: named }) => {
        const own = layer.getWeights();
        return named.flatMap(([name, { toWinnow }], i) =>
          wanted(name) ? [[name, toWinnow(own[i]!)]] : [],
        );
      }),
    );

  const converted = (
    given: NamedTensors,
    [name, layout]: NamedLayout,
    own: readonly number[],
  ): tf.Tensor => {
    const tensor = given[name];
    if (tensor?.shape.join() === layout.shape(own).join()) return layout.toLayers(tensor, own);
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
        const changes = weights.map(({ layer, weights: named }) => {
          const own = layer.getWeights();
          return { layer, to: named.map((weight, i) => converted(all, weight, own[i]!.shape)) };
        });
        for (const { layer, to } of changes) layer.setWeights(to);
      });
    },
  };
}
