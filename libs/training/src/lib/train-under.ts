import { sha256 } from '@winnow/files';
import { Packing } from '@winnow/models';
import type { LayerMask, NamedTensors, Network, TicketData } from '@winnow/plugin-api';
import { randomStreams } from '@winnow/tensor-backend';
import { assertFits, weightsHash } from '@winnow/tickets';
import { checkSetting } from './check-setting.ts';
import { trainingRecipe } from './recipe.ts';
import { train } from './train.ts';
import type { TensorsByName, TrainingSetting } from './training-setting.ts';
import { withCheckpoints } from './work-checkpoints.ts';

/** One entry a parameter of the network, packed: the ticket's on what is pruned, 1 elsewhere. */
export function parameterMask(
  network: Network,
  layers: ReadonlyMap<string, LayerMask>,
): Uint8Array {
  const packing = new Packing(network.parameters);
  const mask = new Float32Array(packing.size).fill(1);
  for (const [name, { data }] of packing.views(mask)) {
    const layer = layers.get(name);
    if (layer) data.set(layer.kept);
  }
  return Uint8Array.from(mask);
}

/**
 * Trains to the end of the recipe with the pruned weights at exactly 0, or all of them without a ticket. Returns all
 * parameters, which the caller disposes. Throws TICKET_MISMATCH, WEIGHTS_MISMATCH, BAD_DATA, INVALID_OPTION, CHECKPOINT_MISMATCH;
 * LOSS_NOT_FINITE; INTERRUPTED, or what the source threw, after the state was saved. Checkpoints are of other work
 * (CHECKPOINT_MISMATCH) where the recipe, `fromEpoch`, the seed, the network's name, the values of the start point, the
 * ticket or the images' labels differ; pixels and layers are not compared.
 */
export async function trainUnder<P extends TensorsByName<P>>(
  ticket: Pick<TicketData, 'layers'> | undefined,
  setting: TrainingSetting<P>,
): Promise<NamedTensors> {
  const { network, fromEpoch = 0, seed = 1 } = setting;
  checkSetting(setting);
  const recipe = trainingRecipe(setting.recipe);
  if (ticket) assertFits(ticket, network);
  const packing = new Packing(network.parameters);
  const parameters = packing.pack(setting.parameters);
  const mask = ticket && parameterMask(network, ticket.layers);
  const work = {
    training: recipe,
    fromEpoch,
    seed,
    network: network.name,
    start: weightsHash(packing.views(parameters)),
    images: sha256(setting.train.labels),
    ...(mask ? { mask: sha256(mask) } : {}),
  };
  await withCheckpoints(setting.checkpoints, work, (checkpoints) =>
    train({
      network,
      source: setting.train,
      recipe,
      random: randomStreams(seed),
      parameters,
      mask,
      fromEpoch,
      toEpoch: recipe.epochs,
      checkpoints,
      savesEnd: setting.checkpoints !== undefined,
      signal: setting.signal ?? new AbortController().signal,
      progress: setting.onProgress ?? (() => {}),
    }),
  );
  return packing.tensors(parameters);
}
