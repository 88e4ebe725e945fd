import * as tf from '@tensorflow/tfjs-core';
import {
  type Batch,
  type NamedTensors,
  type Network,
  type NetworkView,
  WinnowError,
} from '@winnow/plugin-api';
import { type ShownActivations, crossEntropy, offTape } from '@winnow/tensor-backend';

/** Images [batch, height, width, channels] → logits [batch, classes]. */
export interface Logits {
  (images: tf.Tensor4D): tf.Tensor2D;
  /** The same with the network's activations; left out, ops serve where these are asked for. */
  readonly show?: ((images: tf.Tensor4D) => ShownActivations) | undefined;
}

/** Computes when it is first asked, and never again. */
export function once<T>(compute: () => T): () => T {
  let result: { readonly value: T } | undefined;
  return () => (result ??= { value: compute() }).value;
}

/**
 * The network under a mask, on one batch; what it computes lives as long as the enclosing `tf.tidy`. `byProgram` computes
 * the logits in place of ops, and the activations where it can show them; ops serve whatever else is asked for.
 */
export function sparseView(
  network: Network,
  parameters: NamedTensors,
  batch: Batch,
  mask: NamedTensors | undefined,
  byProgram?: Logits,
): NetworkView {
  const options = mask ? { mask } : {};
  const pass = once((): ShownActivations => {
    if (byProgram?.show) return byProgram.show(batch.images);
    const captured = new Map<string, tf.Tensor>();
    const capture = (activation: tf.Tensor, name: string) => void captured.set(name, activation);
    return {
      logits: network.forward(parameters, batch.images, { ...options, capture }),
      activations: captured,
    };
  });
  const activations = once(() => {
    const { activations } = pass();
    if (activations.size > 0) return activations;
    throw new WinnowError('UNSUPPORTED_MODEL', `"${network.name}" shows no activations.`, {
      hint: 'Choose another objective, or a model that passes them to `capture`.',
    });
  });
  return {
    logits: once(() => (byProgram && !byProgram.show ? byProgram(batch.images) : pass().logits)),
    activations,
    features: once(() => [...activations().values(), tf.softmax(pass().logits)]),
    gradients: once(() => {
      const names = network.parameters.map((p) => p.name);
      const byName = (values: tf.Tensor[]) =>
        Object.fromEntries(names.map((name, i) => [name, values[i] as tf.Tensor]));
      const loss = (...values: tf.Tensor[]) =>
        crossEntropy(network.forward(byName(values), batch.images, options), batch.labels);
      return byName(tf.grads(loss)(names.map((name) => parameters[name] as tf.Tensor)));
    }),
  };
}

/**
 * The network without a mask, on one batch: constants for any gradient that is taken around it. `byProgram` as in
 * `sparseView`.
 */
export function denseView(
  network: Network,
  parameters: NamedTensors,
  batch: Batch,
  byProgram?: Logits,
): NetworkView {
  const view = sparseView(network, parameters, batch, undefined, byProgram);
  const logits = byProgram ?? ((images: tf.Tensor4D) => network.forward(parameters, images));
  return {
    // Without capture where only the logits are asked for, so that the activations can go.
    logits: once(() =>
      offTape(() => (byProgram?.show ? view.logits() : tf.tidy(() => logits(batch.images)))),
    ),
    activations: once(() => offTape(() => view.activations())),
    features: once(() => offTape(() => [...view.features()])),
    gradients: once(() => offTape(() => view.gradients())),
  };
}
