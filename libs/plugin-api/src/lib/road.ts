/** Why a network is computed op by op. */
export const WHY_OPS = [
  /** The recipe `authors` clips by the gradient of all weights, and ops are faster over these. */
  'recipe',
  /** The backend has no programs. */
  'backend',
  /** The model does not show its layers, or computes otherwise than they say. */
  'model',
  /** So much is kept that ops over all weights are faster. */
  'density',
  /** The network is put together in a way that programs do not have. */
  'form',
  /** The objective looks at activations within the network, which no program shows. */
  'activations',
  /** Gradients of gradients are asked for. */
  'second-derivatives',
] as const;

/** One of `WHY_OPS`. */
export type WhyOps = (typeof WHY_OPS)[number];

/** How many layers of a program are computed over all their weights, and how many over the kept ones alone. */
export interface LayerRoads {
  readonly dense: number;
  readonly kept: number;
}

/**
 * By what a network is computed: one program of the engine, with the roads of its layers (what was recorded before they
 * had any says nothing of them), or op by op over all weights.
 */
export type Road =
  | { readonly by: 'program'; readonly layers?: LayerRoads }
  | { readonly by: 'ops'; readonly why: WhyOps };
