import type { Ticket } from '@winnow/tickets';
import { parameterMask } from '@winnow/training';
import type { OngoingRun } from './ongoing-run.ts';
import { trainPhase } from './train-phase.ts';

/** The parameters after the training from the start point to the end, packed. */
export async function trainedWeights(
  run: OngoingRun,
  start: Float32Array,
  ticket: Ticket | undefined,
): Promise<Float32Array> {
  const { config, folder, network, packing } = run;
  const { rewindEpochs, recipe } = config;
  if (!(await folder.has('weights'))) {
    const mask = ticket && parameterMask(network, ticket.layers);
    await trainPhase(run, 'train', start.slice(), mask, [rewindEpochs, recipe.epochs]);
  }
  return packing.join(await folder.readFloats('weights', network.parameters));
}
