/**
 * What a component needs that not every run can offer. Where it is not to be had, the run is refused before anything is
 * trained; what is not asked for is not computed.
 */
export const NEEDS = [
  /** An objective to follow: `--objective` is for methods that need one. */
  'objective',
  /** The gradient of that objective: one that has none, or that is not finite, is refused. */
  'gradient',
  /** Training images of every class. */
  'examples',
  /** The network's activations: one that shows none will not do. */
  'activations',
  /** `Network.synapticFlow` */
  'synaptic-flow',
  /** Gradients of gradients. */
  'second-derivatives',
  /** A batch of the validation images at every step. */
  'held-out-batch',
  /** The batch of training images that the step after this one sees. */
  'next-batch',
] as const;

/** One of `NEEDS`. */
export type Need = (typeof NEEDS)[number];
