import { type ComponentRegistry, type Network, parseOptions } from '@winnow/plugin-api';
import { Ticket } from '@winnow/tickets';
import { DENSE, type RunConfig } from './run-config.ts';

/** The network of a run. Throws UNKNOWN_NAME, INVALID_OPTION. */
export function buildNetwork(
  { model, input, classes }: RunConfig,
  registry: ComponentRegistry,
): Network {
  const descriptor = registry.get('model', model.name);
  const options = parseOptions(descriptor.options, model.options, `model "${model.name}"`);
  return descriptor.build(input, classes, options);
}

/** What a dense run trains: all weights. */
export function everyWeight(network: Network, seed: number): Ticket {
  const layers = new Map(
    network.parameters
      .filter((p) => p.prunable)
      .map(({ name, shape }) => [
        name,
        { shape, kept: new Uint8Array(shape.reduce((a, b) => a * b, 1)).fill(1) },
      ]),
  );
  const provenance = { method: DENSE, density: 1, seed, model: network.name, weightsHash: '' };
  return new Ticket({ layers, provenance });
}
