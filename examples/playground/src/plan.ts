/** Epochs of a run, over as many images as the digits have for training. */
export interface Plan {
  readonly epochs: number;
  readonly rewindEpochs: number;
  readonly searchEpochs: number;
}

export const BATCH_SIZE = 32;

/** Three times that of the digits' recipe: ten epochs of search by it find better tickets than twenty by that (docs/playground.md). */
export const LEARNING_RATE = 0.3;

/** From a glance up to as many epochs as `winnow quickstart` has; each finds the tickets that the command line finds by it. */
export const PLANS: readonly Plan[] = [
  { epochs: 6, rewindEpochs: 2, searchEpochs: 6 },
  { epochs: 8, rewindEpochs: 3, searchEpochs: 8 },
  { epochs: 10, rewindEpochs: 3, searchEpochs: 10 },
  { epochs: 14, rewindEpochs: 3, searchEpochs: 16 },
  { epochs: 20, rewindEpochs: 3, searchEpochs: 40 },
  { epochs: 40, rewindEpochs: 3, searchEpochs: 80 },
];

/** Steps an epoch that the plans are made for: of 1,294 digits in batches of 32. */
const STEPS_AN_EPOCH = 41;

/** What a step takes here, in milliseconds. */
export interface Speed {
  readonly trainMs: number;
  readonly searchMs: number;
}

/** A plan for other images: about as many steps as for the digits. */
export function planFor(plan: Plan, stepsAnEpoch: number): Plan {
  const factor = STEPS_AN_EPOCH / stepsAnEpoch;
  const scaled = (epochs: number) => Math.max(1, Math.round(factor * epochs));
  const rewindEpochs = scaled(plan.rewindEpochs);
  return {
    rewindEpochs,
    epochs: Math.max(rewindEpochs + 1, scaled(plan.epochs)),
    searchEpochs: scaled(plan.searchEpochs),
  };
}

/** Of all steps of a training those up to the start point: multiplied first, so that it is whole. */
export const stepsToStart = (steps: number, { epochs, rewindEpochs }: Plan) =>
  (steps * rewindEpochs) / epochs;

/** How long a plan takes: dense training, a search where the method has one, and training under two tickets. */
export function secondsOf(
  { epochs, rewindEpochs, searchEpochs }: Plan,
  stepsAnEpoch: number,
  speed: Speed,
  searches: boolean,
): number {
  const training = epochs + 2 * (epochs - rewindEpochs);
  const ms = training * speed.trainMs + (searches ? searchEpochs * speed.searchMs : 0);
  return (stepsAnEpoch * ms) / 1000;
}

/** The longest plan that a budget has room for; the shortest where it has for none. */
export function planWithin(
  budgetSeconds: number,
  stepsAnEpoch: number,
  speed: Speed,
  searches: boolean,
): Plan {
  const plans = PLANS.map((plan) => planFor(plan, stepsAnEpoch));
  const fits = (plan: Plan) => secondsOf(plan, stepsAnEpoch, speed, searches) <= budgetSeconds;
  return plans.findLast(fits) ?? plans[0]!;
}
