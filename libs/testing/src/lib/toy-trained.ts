import { type Architecture, networkFrom } from '@winnow/models';
import { type LayerMask, type TrainedNetwork, prunableOf } from '@winnow/plugin-api';
import { randomStreams } from '@winnow/tensor-backend';
import { TOY_CLASSES, TOY_SHAPE } from './toy-problem.ts';
import { sizeOf } from './size-of.ts';

const CHANNELS = 2;

const architecture: Architecture = (layers, images, classes) => {
  const sides = { top: 1, bottom: 1, left: 1, right: 1 };
  const maps = layers.conv('conv', images, { channels: CHANNELS, kernel: 3, padding: sides });
  const features = layers.flatten(layers.normalize('bn', maps, { relu: true }));
  return layers.linear('fc', features, { units: classes });
};

/** A convolution, normalised, and a linear layer, with numbers of their own for a seed, and half of their weights pruned. */
export function toyTrained(seed: number): TrainedNetwork {
  const network = networkFrom('toy', architecture, TOY_SHAPE, TOY_CLASSES);
  const mask = new Map<string, LayerMask>(
    prunableOf(network).map(({ name, shape }) => [
      name,
      { shape, kept: Uint8Array.from({ length: sizeOf(shape) }, (_, i) => (i + seed) % 2) },
    ]),
  );
  const statistics = ['running_mean', 'running_var'].map((kind) => ({
    name: `bn.${kind}`,
    shape: [CHANNELS],
  }));
  const tensors = new Map(
    [...network.parameters, ...statistics].map(({ name, shape }) => {
      const draws = randomStreams(seed)(name).uniforms(sizeOf(shape), 0);
      const kept = mask.get(name)?.kept;
      return [name, { shape, data: draws.map((x, i) => (!kept || kept[i] ? x : 0)) }];
    }),
  );
  return { network, tensors, mask, metadata: { model: 'toy', seed: String(seed) } };
}
