import type { Ticket } from '@winnow/tickets';
import { type TrainingJob, parameterMask } from '@winnow/training';
import { fineTuningRecipe } from '../fine-tune.ts';
import type { RunConfig } from '../run-config.ts';
import type { OngoingRun } from './ongoing-run.ts';
import { trainPhase } from './train-phase.ts';

/** What is trained under the ticket: what is left of the recipe, or all of a fine-tuning. */
function scheduleOf({
  recipe,
  rewindEpochs,
  fineTune,
}: RunConfig): Pick<TrainingJob, 'recipe' | 'fromEpoch' | 'toEpoch'> {
  return fineTune
    ? { recipe: fineTuningRecipe(recipe, fineTune), fromEpoch: 0, toEpoch: fineTune.epochs }
    : { recipe, fromEpoch: rewindEpochs, toEpoch: recipe.epochs };
}

/** The parameters after the training from the start point to the end, packed. */
export async function trainedWeights(
  run: OngoingRun,
  start: Float32Array,
  ticket: Ticket | undefined,
): Promise<Float32Array> {
  const { config, folder, network, packing } = run;
  if (!(await folder.has('weights'))) {
    const mask = ticket && parameterMask(network, ticket.layers);
    await trainPhase(run, 'train', start.slice(), mask, scheduleOf(config));
  }
  return packing.join(await folder.readFloats('weights', network.parameters));
}
