import * as tf from '@tensorflow/tfjs-core';
import type { Network } from '@winnow/plugin-api';

const EXAMPLES = 2;

/**
 * Shapes of the activations that a network shows, for one image each, by name and in order: [height, width, channels] of
 * feature maps. None where it passes nothing to `capture`. Runs it once, on the current backend.
 */
export function activationShapes(network: Network): ReadonlyMap<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  tf.tidy(() => {
    const { height, width, channels } = network.input;
    const parameters = Object.fromEntries(
      network.parameters.map(({ name, shape }) => [name, tf.zeros([...shape])]),
    );
    const images = tf.zeros<tf.Rank.R4>([EXAMPLES, height, width, channels]);
    const capture = ({ shape }: tf.Tensor, name: string) => void shapes.set(name, shape.slice(1));
    network.forward(parameters, images, { capture });
  });
  return shapes;
}
