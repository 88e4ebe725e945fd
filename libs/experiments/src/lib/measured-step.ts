import { type Clock, type ComponentRegistry, nextTurn, systemClock } from '@winnow/plugin-api';
import { randomStreams } from '@winnow/tensor-backend';
import { benchStep } from './bench-step.ts';
import { median } from './median.ts';

/** What backends are measured by: a dense SGD step, as `winnow bench` takes it. */
export const MEASURED_STEP = { model: 'resnet20', batch: 128, imageSize: 32 } as const;

const CLASSES = 10;
const STEPS = 6;
/** Then no further step is begun. */
const ENOUGH_MS = 5000;

/** Takes steps on the current backend, one to warm up first, and tells the milliseconds of each. */
export async function takeMeasuredSteps(
  registry: ComponentRegistry,
  onStep: (ms: number) => void,
  clock: Clock = systemClock,
): Promise<void> {
  const { model, batch, imageSize } = MEASURED_STEP;
  const input = { height: imageSize, width: imageSize, channels: 3 };
  const network = registry.get('model', model).build(input, CLASSES, {});
  const objective = registry.get('objective', 'kl');
  const random = randomStreams(0);
  const begun = clock();
  const step = benchStep('train', { network, batch, density: 1, random, objective });
  for (let i = 0; i <= STEPS && (i === 0 || clock() - begun < ENOUGH_MS); i++) {
    // As between the steps of a run.
    await nextTurn();
    const start = clock();
    step(i);
    onStep(clock() - start);
  }
}

/** Of steps as they were told: their median without the first, or the first where there is no other; undefined of none. */
export function stepMsOf([first, ...others]: readonly number[]): number | undefined {
  return others.length > 0 ? median(others) : first;
}
