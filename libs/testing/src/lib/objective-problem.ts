import { toDevice } from '@winnow/data';
import { Packing } from '@winnow/models';
import type { Batch, NamedTensors, Network, Objective } from '@winnow/plugin-api';
import { randomStreams } from '@winnow/tensor-backend';
import type { OnBackend } from './check.ts';
import { drawnParameters, toyBatch, toyImageNetwork, toyNetwork } from './toy-problem.ts';

/** The world in which an objective is tried. */
export interface ObjectiveSetting extends OnBackend {
  /**
   * A network of your own, or a function that makes one once the backend is started, as `networkOf` needs it; small. For
   * an objective made of gradients its activations must be smooth, as ReLU's turns are jumps in those. A toy when left out.
   */
  readonly network?: Network | (() => Network);
  /** The network's parameters; drawn from its initialisers when left out. */
  readonly parameters?: (network: Network, seed: number) => NamedTensors;
  /** That many images with labels, on the device; noise, and every class in turn, when left out. */
  readonly batch?: (count: number, seed: number) => Batch;
}

export interface ObjectiveProblem {
  readonly network: Network;
  readonly prunable: Packing;
  readonly parameters: NamedTensors;
  readonly batch: Batch;
  readonly heldOut: Batch;
  readonly next: Batch;
  /** Another batch of the same kind. */
  readonly another: (count: number, seed: number) => Batch;
}

/** Of a batch. */
export const EXAMPLES = 12;

function noise({ input, classes }: Network, count: number, seed: number): Batch {
  const images = randomStreams(seed)('images').normals(
    count * input.height * input.width * input.channels,
    0,
  );
  const labels = Int32Array.from({ length: count }, (_, i) => i % classes);
  return toDevice({ images, labels }, input);
}

/** What an objective is tried on with this seed, with parameters and batches of their own. */
export function objectiveProblem(
  { needs }: Objective,
  { network: own, parameters = drawnParameters, batch }: ObjectiveSetting,
  seed: number,
): ObjectiveProblem {
  const toy = needs.includes('activations') ? toyImageNetwork : toyNetwork;
  const network = typeof own === 'function' ? own() : (own ?? toy());
  const another =
    batch ?? (own ? (count: number, of: number) => noise(network, count, of) : toyBatch);
  return {
    network,
    prunable: Packing.prunable(network),
    parameters: parameters(network, seed),
    batch: another(EXAMPLES, seed),
    heldOut: another(EXAMPLES, seed + 100),
    next: another(EXAMPLES, seed + 200),
    another,
  };
}
