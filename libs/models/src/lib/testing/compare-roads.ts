import { relativeError } from '@winnow/golden';
import type { MaskedNetwork, Outcome } from './masked-network.ts';

/**
 * Of logits, and of each activation: of its largest. Float32 rounds by 6e-8, which sums over some hundred weights, and
 * normalisations of channels that hardly vary, enlarge. One weight in the wrong place would show as 1e-2 to 1.
 */
export const TOLERANCE = 1e-4;

/** Of each parameter's gradient, in units of its largest entry, or of a hundredth of the largest of all gradients. */
const GRADIENT_TOLERANCE = 1e-3;
const LEAST_GRADIENT = 1e-2;

/**
 * A normalisation of a channel that varies by nothing has a gradient of 0, which roundings enlarged by 1/√ε each stand for.
 * Ops tell where float32 comes no nearer; a program may be this many times as far off as they are.
 */
const TIMES_OPS = 8;

/** Where values come nearer than this to what a ReLU or a max-pooling decides by, float32 may decide otherwise. */
const MARGIN = 1e-5;

/** As `relativeError`, also of zeros: then 0, or else infinite. */
export function errorOf(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  const same = actual.length === expected.length;
  return same && Array.from(actual).every((v, i) => v === expected[i])
    ? 0
    : relativeError(actual, expected);
}

export interface Comparison {
  /**
   * By what was compared, how far the program is off from float64: where ops are as near as they shall be, and of gradients
   * where no ReLU may decide otherwise.
   */
  readonly errors: Readonly<Record<string, number>>;
  /** What is further off than it may be. */
  readonly faults: readonly string[];
}

export function compareRoads(masked: MaskedNetwork): Comparison {
  const exact = masked.exactly();
  const [ours, theirs]: [Outcome, Outcome] = [masked.program(), masked.ops()];
  const errors: Record<string, number> = {};
  const faults: string[] = [];
  const compare = (what: string, error: number, ofOps: number, tolerance: number): void => {
    if (ofOps <= tolerance) errors[what] = Math.max(error, errors[what] ?? 0);
    // Neither may be NaN.
    if (!(error <= Math.max(tolerance, TIMES_OPS * ofOps)))
      faults.push(`${what} off by ${error}, ops by ${ofOps}`);
  };
  const both = (of: (outcome: Outcome) => number): [number, number] => [of(ours), of(theirs)];
  compare('logits', ...both(({ logits }) => errorOf(logits, exact.logits)), TOLERANCE);
  for (const [i, activation] of exact.activations.entries()) {
    const found = both(({ activations }) => errorOf(activations[i]!, activation));
    compare('activations', ...found, TOLERANCE);
  }
  if (exact.margin > MARGIN) {
    const found = both(({ gradient }) =>
      masked.worstGradientError(gradient, exact.gradient, LEAST_GRADIENT),
    );
    compare('gradient', ...found, GRADIENT_TOLERANCE);
  }
  const frozen = masked.frozenExactly();
  const [program, ops] = [masked.frozenProgram(), masked.frozenOps()];
  compare('frozen logits', errorOf(program, frozen), errorOf(ops, frozen), TOLERANCE);
  return { errors, faults };
}
