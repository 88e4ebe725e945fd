import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensors, Network, ParameterSpec, RandomStream } from '@winnow/plugin-api';

function draw({ shape, initializer }: ParameterSpec, random: RandomStream, index: number) {
  const count = shape.reduce((product, n) => product * n, 1);
  switch (initializer.kind) {
    case 'constant':
      return new Float32Array(count).fill(initializer.value);
    case 'normal':
      return random.normals(count, index).map((x) => x * initializer.std);
    case 'uniform': {
      const { low, high } = initializer;
      return random.uniforms(count, index).map((u) => low + u * (high - low));
    }
  }
}

/** Fresh parameters. Each draws from its own counter of the stream, so that they do not depend on one another. */
export function initialize(network: Network, random: RandomStream): NamedTensors {
  return Object.fromEntries(
    network.parameters.map((spec, i) => [
      spec.name,
      tf.tensor(draw(spec, random, i), [...spec.shape]),
    ]),
  );
}
