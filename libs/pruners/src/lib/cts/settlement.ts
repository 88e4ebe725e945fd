/** How far from its target, as a part of it, the expected density of a search that has settled may be. */
const TOLERANCE = 0.1;
/** Of what moves the logits, the part below which λ's is none. */
const NO_PULL = 0.01;

/** How a search ended. */
export interface SearchEnd {
  /** Σ σ(α) / d */
  readonly density: number;
  /** ‖λ ∇_α S‖₂, as a part of the norm of the mean gradient that Adam follows. */
  readonly pull: number;
}

const percent = (fraction: number) => `${+(100 * fraction).toPrecision(3)} %`;

/**
 * What a reader of a ticket should know whose search, of so many epochs, ended with the expected density off the target κ';
 * nothing where it had settled there.
 */
export function settlementNotes(
  { density, pull }: SearchEnd,
  target: number,
  epochs: number,
): string[] {
  // A target may be beyond all, by GradBalance's headroom.
  const aim = Math.min(1, target);
  const error = density / aim - 1;
  if (Math.abs(error) <= TOLERANCE) return [];
  const side = error < 0 ? 'below' : 'above';
  const ended = `expected density ended at ${percent(density)}, ${percent(Math.abs(error))} ${side} the ${percent(aim)} that it aims at`;
  return error < 0 && pull < NO_PULL
    ? [`the search keeps less than asked for: its ${ended}, where the objective alone holds it`]
    : [
        `the search had not settled: its ${ended}; a longer one, such as --search-epochs ${4 * epochs}, ends nearer`,
      ];
}
