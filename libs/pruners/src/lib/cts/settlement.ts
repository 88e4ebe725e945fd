/** How far from its target, as a part of it, the expected density of a search that has settled may be. */
const TOLERANCE = 0.1;
/** Of what moves the logits, the part below which λ's is none. */
const NO_PULL = 0.01;
/** A longer search is advised to be so many times as long. */
const LONGER = 4;
/** Of the way to the target, the part that a longer search is to go at least. */
const NEARER = 0.1;

/** How a search ended. */
export interface SearchEnd {
  /** Σ σ(α) / d */
  readonly density: number;
  /** ‖λ ∇_α S‖₂, as a part of the norm of the mean gradient that Adam follows. */
  readonly pull: number;
  /** By how much the density would rise with Adam's next step. */
  readonly rise: number;
}

export interface SearchLength {
  readonly epochs: number;
  readonly steps: number;
}

const percent = (fraction: number) => `${+(100 * fraction).toPrecision(3)} %`;

/**
 * What a reader of a ticket should know whose search ended with the expected density off the target κ'; nothing where it had
 * settled there.
 */
export function settlementNotes(
  { density, pull, rise }: SearchEnd,
  target: number,
  { epochs, steps }: SearchLength,
): string[] {
  // A target may be beyond all, by GradBalance's headroom.
  const aim = Math.min(1, target);
  const error = density / aim - 1;
  if (Math.abs(error) <= TOLERANCE) return [];
  const side = error < 0 ? 'below' : 'above';
  const ended = `its expected density ended at ${percent(density)}, ${percent(Math.abs(error))} ${side} the ${percent(aim)} that it aims at`;
  const comesNearer = rise * (LONGER - 1) * steps > NEARER * (aim - density);
  return error < 0 && pull < NO_PULL && !comesNearer
    ? [`the search settled below its density: ${ended}, and the objective alone holds it there`]
    : [
        `the search had not settled: ${ended}; a longer one, such as --search-epochs ${LONGER * epochs}, ends nearer`,
      ];
}
