import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { inFloat64, relativeError } from '@winnow/golden';
import type { NamedTensors, Network, NetworkGraph } from '@winnow/plugin-api';
import { randomStreams } from '@winnow/tensor-backend';
import { sizeOf } from './size-of.ts';

/** Multiply-adds an image, which take plain loops about a tenth of a second. */
const MOST = 2 ** 23;
/** Of weights that are kept: fewer, and layers would stand empty. */
const LEAST_DENSITY = 1 / 16;
/** Of logits that differ in rounding alone, and by approximations to functions such as tanh. */
const TOLERANCE = 1e-3;

/**
 * Parameters that show what a graph leaves out: a shift that is 0, or a scale that is 1, as they often start, would not. Of
 * large networks most weights are 0, which saves their products.
 */
function telling({ parameters }: Network, drawn: NamedTensors): NamedTensors {
  const all = parameters.reduce((sum, p) => sum + sizeOf(p.shape) * p.usesPerImage, 0);
  const density = Math.min(1, Math.max(MOST / all, LEAST_DENSITY));
  const random = randomStreams(1)('graph');
  return Object.fromEntries(
    parameters.map(({ name, shape, prunable }, i) => {
      const draws = tf.tensor(random.uniforms(sizeOf(shape), i), [...shape]);
      const kept = tf.cast(tf.less(draws, density), 'float32');
      const values = prunable
        ? tf.mul(drawn[name]!, tf.mul(kept, 1 / Math.sqrt(density)))
        : tf.add(drawn[name]!, tf.mul(draws, 0.5));
      return [name, values];
    }),
  );
}

function logitsOf(
  graph: NetworkGraph,
  { input }: Network,
  parameters: NamedTensors,
  images: tf.Tensor4D,
): Float64Array {
  try {
    return inFloat64({
      graph,
      input,
      parameters: new Map(Object.entries(parameters).map(([name, x]) => [name, x.dataSync()])),
      images: images.dataSync(),
      batch: images.shape[0],
    }).logits;
  } catch (cause) {
    throw new assert.AssertionError({ message: `the graph cannot be computed: ${String(cause)}` });
  }
}

/** Throws unless a network that has a graph computes the same logits as this, which exports are written from. */
export function assertComputesGraph(
  network: Network,
  drawn: NamedTensors,
  images: tf.Tensor4D,
): void {
  const { graph } = network;
  if (!graph) return;
  const parameters = telling(network, drawn);
  const logits = network.forward(parameters, images).dataSync();
  const error = relativeError(logits, logitsOf(graph, network, parameters, images));
  assert.ok(
    error <= TOLERANCE,
    `forward() and the graph make logits that differ by ${error} of the largest`,
  );
}
