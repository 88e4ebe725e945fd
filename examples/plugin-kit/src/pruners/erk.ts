import { Packing } from '@winnow/models';
import {
  type LayerWeight,
  type PrunerDescriptor,
  definePruner,
  matchPrunable,
} from '@winnow/plugin-api';
import * as z from 'zod';

/**
 * Weights drawn at random, so many of each layer as an Erdős–Rényi-kernel graph has edges: layer l keeps a part of its weights
 * in proportion to (n_in + n_out + height + width) / (n_in · n_out · height · width), none more than all. Evci et al.,
 * "Rigging the Lottery", arXiv 1911.11134, section 3. As in their code, layers may be named that stay dense, such as depthwise
 * convolutions; they count, and the others make up for them.
 */
export const erk: PrunerDescriptor = definePruner({
  name: 'erk',
  summary: 'a random topology with the densities of Erdős–Rényi-kernel',
  options: z.strictObject({
    denseLayers: z
      .array(z.string())
      .default([])
      .describe('layers that keep all weights, by name or as "stem.*"'),
  }),
  /** Throws BAD_LAYER. */
  prepare({ network }, { denseLayers }) {
    for (const pattern of denseLayers) matchPrunable(network.parameters, pattern);
  },
  /** Throws LAYER_DENSITY. */
  findTicket(context, { denseLayers }) {
    const { network, random } = context;
    const dense = new Set(denseLayers.flatMap((it) => matchPrunable(network.parameters, it)));
    const prunable = Packing.prunable(network);
    const draws = random('erk').uniforms(prunable.size, 0);
    const within: LayerWeight = ({ name, shape }) =>
      dense.has(name) ? Infinity : shape.reduce((sum, n) => sum + n, 0);
    return Promise.resolve(context.keepLargest(prunable.views(draws), { within }));
  },
});
