import { graphOf } from '@winnow/exchange';
import { type StoredSize, type StoredSizes, storedSize, storedSizes } from '@winnow/exchange/files';
import { writeFolderWhole, writeWhole } from '@winnow/files/disk';
import type { ComponentRegistry, Exporter, TrainedNetwork } from '@winnow/plugin-api';
import type { PassProgress } from '@winnow/training';
import type { FrozenRun } from './freeze-run.ts';
import type { OpenDataset } from './open-dataset.ts';
import type { RunConfig } from './run-config.ts';
import type { RunFolder } from './run-folder.ts';
import { buildNetwork } from './run-network.ts';
import { startBackendOf, startChosenBackend } from './start-chosen-backend.ts';
import { networkUnderTicket, trainedNetwork } from './trained-network.ts';

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
  readonly sizes: Partial<StoredSizes> & {
    /** What was written: one file, or those of the folder together. */
    readonly written: StoredSize;
  };
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

/**
 * Writes the network that a finished run trained for another program, with its running statistics; of a format of the ticket
 * alone, that of any run that has one. Throws UNSUPPORTED_MODEL where the format needs a graph that the model has not,
 * RUN_NOT_FINISHED, FILE_NOT_WRITABLE, and what `trainedNetwork` does.
 */
export async function exportRun(
  folder: RunFolder,
  config: RunConfig,
  { registry, exporter, out: given, backend = 'auto', ...freezing }: ExportSetting,
): Promise<ExportedRun> {
  const out = given ?? folder.file(exporter.place);
  const isRead = exporter.ofTicket || (await folder.has('frozen'));
  // Where nothing is computed, any will do.
  await (isRead ? startChosenBackend('auto', registry) : startBackendOf(config, backend, registry));
  const network = buildNetwork(config, registry);
  if (exporter.needsGraph) graphOf(network);
  const setting = { registry, elsewhere: given !== undefined, ...freezing };
  const { trained, froze } = exporter.ofTicket
    ? { trained: await networkUnderTicket(folder, config, network) }
    : await trainedNetwork(folder, config, network, setting);
  const { name, opset } = exporter;
  const written = await write(out, exporter, trained);
  return {
    format: name,
    out,
    ...(opset === undefined ? {} : { opset }),
    ...(froze ? { froze } : {}),
    // Of a run that has kept its ticket alone there is nothing else to measure.
    sizes: { ...(trained.tensors.size > 0 && (await storedSizes(trained))), written },
  };
}
