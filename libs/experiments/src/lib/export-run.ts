import { graphOf, statisticsOf } from '@winnow/exchange';
import { type StoredSize, type StoredSizes, storedSize, storedSizes } from '@winnow/exchange/files';
import { type FloatTensor, type Safetensors, expectedTensors } from '@winnow/files';
import { writeFolderWhole, writeWhole } from '@winnow/files/disk';
import {
  type ComponentRegistry,
  type Exporter,
  type Network,
  type TrainedNetwork,
  WinnowError,
  isWinnowError,
} from '@winnow/plugin-api';
import { NORMALIZATION_EPSILON } from '@winnow/tensor-backend';
import { type Ticket, assertFits } from '@winnow/tickets';
import type { PassProgress } from '@winnow/training';
import { type FreezeSetting, type FrozenRun, freezeRun, frozenNetwork } from './freeze-run.ts';
import type { OpenDataset } from './open-dataset.ts';
import type { RunConfig } from './run-config.ts';
import type { RunFolder } from './run-folder.ts';
import { buildNetwork } from './run-network.ts';
import { startBackendOf, startChosenBackend } from './start-chosen-backend.ts';

export interface ExportSetting {
  readonly registry: ComponentRegistry;
  readonly exporter: Exporter;
  /** In place of the usual file or folder in the run folder. */
  readonly out?: string | undefined;
  /** What freezes the run, in place of the backend that it was computed on; of no use where it was frozen before. */
  readonly backend?: string | undefined;
  readonly onProgress: (progress: PassProgress) => void;
  /** Opens the data, where the run was not frozen before. */
  readonly open?: OpenDataset | undefined;
}

export interface ExportedRun {
  /** The exporter's name. */
  readonly format: string;
  readonly out: string;
  /** Of a format that counts them. */
  readonly opset?: number;
  /** Where the run was not frozen before. */
  readonly froze?: FrozenRun;
  readonly sizes: StoredSizes & {
    /** What was written: one file, or those of the folder together. */
    readonly written: StoredSize;
  };
}

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

function provenance(config: RunConfig, ticket: Ticket | undefined): Record<string, string> {
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
    epsilon: String(NORMALIZATION_EPSILON),
    ...(dataset.normalization ? { normalization: JSON.stringify(dataset.normalization) } : {}),
  };
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
    ? statisticsOf(graph, parameters)
    : [...file.tensors].flatMap(([name, { shape }]) => (known.has(name) ? [] : { name, shape }));
  const tensors = expectedTensors(file, [...parameters, ...statistics], path);
  const ticket = (await folder.has('ticket')) ? await folder.readTicket() : undefined;
  if (ticket) {
    assertFits(ticket, network);
    prune(tensors, ticket, path);
  }
  return { network, tensors, mask: ticket?.layers, metadata: provenance(config, ticket) };
}

async function write(out: string, exporter: Exporter, trained: TrainedNetwork) {
  const encoded = exporter.encode(trained);
  // Of whatever realm.
  if (ArrayBuffer.isView(encoded)) {
    await writeWhole(out, encoded);
    return storedSize([encoded]);
  }
  await writeFolderWhole(out, encoded, (name) => exporter.owns?.(name) ?? encoded.has(name));
  return storedSize([...encoded.values()]);
}

/** Freezes a run in its folder; where nothing can be written there and nothing has to be, in memory alone. */
async function freeze(
  folder: RunFolder,
  config: RunConfig,
  elsewhere: boolean,
  setting: Omit<FreezeSetting, 'out'>,
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
 * Writes the network that a finished run trained for another program, with the running statistics of `freezeRun`: of the
 * file that this left in the run folder, or done first. Throws UNSUPPORTED_MODEL where the format needs a graph that the
 * model has not, TICKET_MISMATCH, WEIGHTS_MISMATCH, FILE_NOT_WRITABLE, and what `freezeRun` does.
 */
export async function exportRun(
  folder: RunFolder,
  config: RunConfig,
  { registry, exporter, out: given, backend = 'auto', ...freezing }: ExportSetting,
): Promise<ExportedRun> {
  const out = given ?? folder.file(exporter.place);
  const frozen = await folder.has('frozen');
  // Where nothing is computed, any will do.
  await (frozen ? startChosenBackend('auto', registry) : startBackendOf(config, backend, registry));
  const network = buildNetwork(config, registry);
  if (exporter.needsGraph) graphOf(network);
  const { froze, file } = frozen
    ? { file: await folder.readTensors('frozen') }
    : await freeze(folder, config, given !== undefined, { registry, ...freezing });
  const trained = await readTrained(folder, config, network, file);
  const { name, opset } = exporter;
  const written = await write(out, exporter, trained);
  return {
    format: name,
    out,
    ...(opset === undefined ? {} : { opset }),
    ...(froze ? { froze } : {}),
    sizes: { ...(await storedSizes(trained)), written },
  };
}
