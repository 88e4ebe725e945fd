import type { Ticket } from '@winnow/tickets';
import { parameterMask } from '@winnow/training';
import { measureSpeed } from '../measure-speed.ts';
import type { OngoingRun } from './ongoing-run.ts';

/** Measures once how fast the run's network is; apart from its result, which does not depend on time. Throws INTERRUPTED. */
export async function keepSpeed(
  { config, folder, setting, network }: OngoingRun,
  parameters: Float32Array,
  ticket: Ticket | undefined,
): Promise<void> {
  if (await folder.readSpeed()) return;
  const { recipe } = config;
  // It may be gone on with by another than it began on.
  const { dataset, signal, clock, backend = config.backend } = setting;
  const speed = await measureSpeed({
    network,
    parameters,
    mask: ticket && parameterMask(network, ticket.layers),
    batch: Math.min(recipe.batchSize, dataset.train.length),
    recipe,
    backend,
    signal,
    clock,
  });
  await folder.writeSpeed(speed);
}
