import { epsilonOf, statisticsOf } from '@winnow/exchange';
import { type FloatTensor, type Safetensors, expectedTensors } from '@winnow/files';
import {
  DENSE,
  type Network,
  type TrainedNetwork,
  WinnowError,
  isWinnowError,
} from '@winnow/plugin-api';
import { type Ticket, assertFits } from '@winnow/tickets';
import { type FreezeSetting, type FrozenRun, freezeRun, frozenNetwork } from './freeze-run.ts';
import type { RunConfig } from './run-config.ts';
import type { RunFolder } from './run-folder.ts';

/** Sets pruned weights to 0, of which training may leave −0. Throws TICKET_MISMATCH where one is neither. */
function prune(tensors: ReadonlyMap<string, FloatTensor>, ticket: Ticket, path: string): void {
  for (const [name, { kept }] of ticket.layers) {
    const { data } = tensors.get(name)!;
    for (let i = 0; i < kept.length; i++) {
      if (kept[i]) continue;
      if (data[i] !== 0) {
        throw new WinnowError(
          'TICKET_MISMATCH',
          `"${name}" in ${path} is ${data[i]} at flat index ${i}, which the run's ticket prunes.`,
          { hint: 'Bring the files of the run back as they were.' },
        );
      }
      data[i] = 0;
    }
  }
}

function provenance(
  config: RunConfig,
  { graph }: Network,
  ticket: Ticket | undefined,
): Record<string, string> {
  const { model, method, dataset, input, classes, density, seed } = config;
  const { objective } = ticket?.provenance ?? {};
  return {
    model: model.name,
    options: JSON.stringify(model.options),
    method: method.name,
    ...(objective === undefined ? {} : { objective }),
    density: String(density),
    seed: String(seed),
    ...(ticket ? { kept: String(ticket.kept), prunable: String(ticket.size) } : {}),
    dataset: dataset.name,
    input: `${input.height}x${input.width}x${input.channels}`,
    classes: String(classes),
    ...epsilonOf(graph),
    ...(dataset.normalization ? { normalization: JSON.stringify(dataset.normalization) } : {}),
  };
}

/** None of a dense run. Throws FILE_NOT_READABLE where another one has none (any more), TICKET_MISMATCH. */
async function ticketOf(
  folder: RunFolder,
  { method }: RunConfig,
  network: Network,
): Promise<Ticket | undefined> {
  if (method.name === DENSE) return undefined;
  const ticket = await folder.readTicket();
  assertFits(ticket, network);
  return ticket;
}

async function readTrained(
  folder: RunFolder,
  config: RunConfig,
  network: Network,
  file: Pick<Safetensors, 'tensors'>,
): Promise<TrainedNetwork> {
  const { parameters, graph } = network;
  const path = folder.frozen;
  const known = new Set(parameters.map(({ name }) => name));
  const statistics = graph
    ? statisticsOf(graph)
    : [...file.tensors].flatMap(([name, { shape }]) => (known.has(name) ? [] : { name, shape }));
  const tensors = expectedTensors(file, [...parameters, ...statistics], path);
  const ticket = await ticketOf(folder, config, network);
  if (ticket) prune(tensors, ticket, path);
  return { network, tensors, mask: ticket?.layers, metadata: provenance(config, network, ticket) };
}

export interface TrainedSetting extends Omit<FreezeSetting, 'out'> {
  /** Whether nothing else has to be written into the run folder. */
  readonly elsewhere: boolean;
}

/** Freezes a run in its folder; where nothing can be written there and nothing has to be, in memory alone. */
async function freeze(
  folder: RunFolder,
  config: RunConfig,
  { elsewhere, ...setting }: TrainedSetting,
): Promise<{ readonly froze: FrozenRun; readonly file: Pick<Safetensors, 'tensors'> }> {
  try {
    const froze = await freezeRun(folder, config, setting);
    return { froze, file: await folder.readTensors('frozen') };
  } catch (error) {
    if (!elsewhere || !isWinnowError(error) || error.code !== 'FILE_NOT_WRITABLE') throw error;
    const { froze, tensors } = await frozenNetwork(folder, config, setting);
    return { froze, file: { tensors } };
  }
}

/**
 * The network that a finished run trained, with the running statistics of `freezeRun`: of the file that this left in the run
 * folder, or done first. Throws FILE_NOT_READABLE where the ticket was not kept, TICKET_MISMATCH, WEIGHTS_MISMATCH, and what `freezeRun` does.
 */
export async function trainedNetwork(
  folder: RunFolder,
  config: RunConfig,
  network: Network,
  setting: TrainedSetting,
): Promise<{ readonly trained: TrainedNetwork; readonly froze?: FrozenRun }> {
  if (await folder.has('frozen')) {
    const file = await folder.readTensors('frozen');
    return { trained: await readTrained(folder, config, network, file) };
  }
  const { froze, file } = await freeze(folder, config, setting);
  return { trained: await readTrained(folder, config, network, file), froze };
}

/** Whose weights a run has: after its training, or before. */
async function weightsThere(folder: RunFolder): Promise<'weights' | 'start' | undefined> {
  if (await folder.has('weights')) return 'weights';
  return (await folder.has('start')) ? 'start' : undefined;
}

/**
 * The network of a run under its ticket, without statistics: by its trained weights, or while there are none, those of the
 * start point; by none where a finished run has kept neither. Throws RUN_NOT_FINISHED where there is no ticket yet,
 * FILE_NOT_READABLE where it was not kept, TICKET_MISMATCH, WEIGHTS_MISMATCH.
 */
export async function networkUnderTicket(
  folder: RunFolder,
  config: RunConfig,
  network: Network,
): Promise<TrainedNetwork> {
  const document = await weightsThere(folder);
  const isFound = document && (config.method.name === DENSE || (await folder.has('ticket')));
  if (!isFound && !(await folder.readResult())) {
    throw new WinnowError('RUN_NOT_FINISHED', `The run in ${folder.path} has no ticket yet.`, {
      hint: `\`winnow resume ${folder.path}\` goes on where it stopped.`,
    });
  }
  const ticket = await ticketOf(folder, config, network);
  const tensors = document && (await folder.readFloats(document, network.parameters));
  for (const [name, { kept }] of (tensors && ticket?.layers) ?? []) {
    const { data } = tensors!.get(name)!;
    for (const [i, bit] of kept.entries()) if (!bit) data[i] = 0;
  }
  const metadata = provenance(config, network, ticket);
  return { network, tensors: tensors ?? new Map(), mask: ticket?.layers, metadata };
}
