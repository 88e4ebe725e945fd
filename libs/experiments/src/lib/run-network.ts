import { leaveOut } from '@winnow/models';
import {
  type ComponentRegistry,
  DENSE,
  type ModelDescriptor,
  type Network,
  prunableOf,
} from '@winnow/plugin-api';
import { Ticket } from '@winnow/tickets';
import { recallComponent } from './recorded-component.ts';
import type { RunConfig } from './run-config.ts';

type Described = Pick<RunConfig, 'model' | 'input' | 'classes' | 'leaveOut'>;

/** The network of a run by its model, without what is left out of pruning. Throws BAD_LAYER, and what the model does. */
export function networkOf(
  descriptor: ModelDescriptor,
  { model, input, classes, leaveOut: patterns = [] }: Described,
): Network {
  return leaveOut(descriptor.build(input, classes, model.given), patterns);
}

/** The network that a run recorded. Throws UNKNOWN_NAME, INVALID_OPTION, OPTIONS_CHANGED, and what the model does. */
export function buildNetwork(config: Described, registry: ComponentRegistry): Network {
  return networkOf(recallComponent('model', config.model, registry), config);
}

/** What a dense run trains: all weights. */
export function everyWeight(network: Network, seed: number): Ticket {
  const layers = new Map(
    prunableOf(network).map(({ name, shape }) => [
      name,
      { shape, kept: new Uint8Array(shape.reduce((a, b) => a * b, 1)).fill(1) },
    ]),
  );
  const provenance = { method: DENSE, density: 1, seed, model: network.name, weightsHash: '' };
  return new Ticket({ layers, provenance });
}
