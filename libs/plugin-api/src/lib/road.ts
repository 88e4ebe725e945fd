/** Why a network is computed op by op. */
export const WHY_OPS = [
  /** The recipe `authors` clips by the gradient of all weights, and ops may be faster over these. */
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

/** Which layers of a program are computed over all their weights, and which over the kept ones alone; in order, by name. */
export interface LayerRoads {
  readonly dense: readonly string[];
  readonly kept: readonly string[];
}

/**
 * By what a network is computed: one program of the engine, with the roads of its layers (a method of somebody's own may
 * leave them out) and, where a ticket is at hand and the program knows nothing of it, why; or op by op over all weights.
 */
export type Road =
  | { readonly by: 'program'; readonly layers?: LayerRoads; readonly why?: 'recipe' }
  | { readonly by: 'ops'; readonly why: WhyOps };
