import { readFile } from 'node:fs/promises';
import {
  type FlatTicket,
  type ImportedWeights,
  chooseTicket,
  ticketFromFlat,
  ticketFromPytorch,
  weightsFromPytorch,
} from '@winnow/exchange';
import {
  type StoredSize,
  type StoredSizes,
  readHdf5Tickets,
  readPytorchFile,
  storedSize,
  storedSizes,
} from '@winnow/exchange/files';
import { writeSafetensors } from '@winnow/files/disk';
import {
  type ComponentRegistry,
  type ImageShape,
  type Network,
  WinnowError,
  optionIssues,
} from '@winnow/plugin-api';
import { type Ticket, weightsHash } from '@winnow/tickets';
import { writeTicket } from '@winnow/tickets/files';
import type { FileToImport } from './importable.ts';
import { type OpenDataset, openDataset } from './open-dataset.ts';
import { OptionPool } from './option-pool.ts';
import { startChosenBackend } from './start-chosen-backend.ts';

/** The network that a file is for. */
export interface ImportedNetwork {
  readonly model: string;
  /** NAME or NAME:VALUE, whose images tell the shape. */
  readonly dataset?: string | undefined;
  readonly input?: ImageShape | undefined;
  readonly classes?: number | undefined;
  /** Of the model. */
  readonly options: Readonly<Record<string, unknown>>;
}

async function networkOf(
  request: ImportedNetwork,
  registry: ComponentRegistry,
  open: OpenDataset,
): Promise<Network> {
  if (request.dataset !== undefined && (request.input ?? request.classes) !== undefined) {
    throw new WinnowError('INVALID_OPTION', 'The shape of images is given twice.', {
      hint: 'Give --dataset, or --input and --classes.',
    });
  }
  const pool = new OptionPool(request.options);
  const model = registry.get('model', request.model);
  const options = pool.take(model);
  await startChosenBackend('auto', registry);
  if (request.dataset !== undefined) {
    const descriptor = pool.dataset(registry, request.dataset);
    const dataset = await open(descriptor, pool.take(descriptor)).catch((cause: unknown) => {
      if (optionIssues(cause).length === 0 || request.dataset?.includes(':')) throw cause;
      throw new WinnowError(
        'INVALID_OPTION',
        `The data set "${request.dataset}" cannot be opened by its name alone.`,
        { hint: 'Give --input 32x32x3 and --classes 10, say, in its place.', cause },
      );
    });
    pool.assertAllTaken();
    return model.build(dataset.input, dataset.classes, options);
  }
  pool.assertAllTaken();
  if (request.input && request.classes !== undefined)
    return model.build(request.input, request.classes, options);
  throw new WinnowError(
    'INVALID_OPTION',
    'Nothing says how large images are, and in how many classes.',
    {
      hint: 'Give --input 32x32x3 and --classes 10, say, or --dataset.',
    },
  );
}

export interface ImportedWeightsFile extends ImportedWeights {
  readonly written: StoredSize;
}

/** Throws as `readPytorchFile`, `weightsFromPytorch` and `writeSafetensors` do, and INVALID_OPTION, UNKNOWN_NAME. */
export async function importWeights(
  file: FileToImport,
  out: string,
  request: ImportedNetwork,
  registry: ComponentRegistry,
  open: OpenDataset = openDataset,
): Promise<ImportedWeightsFile> {
  const network = await networkOf(request, registry, open);
  const weights = weightsFromPytorch(await file.pytorch(), network, file.path);
  await writeSafetensors(out, weights.tensors, { model: network.name });
  return { ...weights, written: await storedSize([await readFile(out)]) };
}

export interface TicketRequest extends ImportedNetwork {
  readonly ticket?: string | undefined;
  readonly density?: number | undefined;
  /** The weights that the ticket was found on. */
  readonly weights?: string | undefined;
  readonly method?: string | undefined;
  readonly objective?: string | undefined;
}

export interface ImportedTicket {
  readonly ticket: Ticket;
  readonly sizes: {
    readonly written: StoredSize;
    /** Of the weights under the ticket, where they are known. */
    readonly network?: StoredSizes;
  };
}

/** The authors' tickets, or the masks of a network that was pruned in PyTorch. */
async function ticketsIn(file: FileToImport, network: Network): Promise<FlatTicket[]> {
  if (file.isHdf5) return readHdf5Tickets(file.path);
  return [ticketFromPytorch(await file.pytorch(), network, file.path)];
}

/** Throws as `readHdf5Tickets`, `readPytorchFile`, `ticketFromPytorch`, `chooseTicket`, `ticketFromFlat` and `writeTicket` do, and INVALID_OPTION, UNKNOWN_NAME, WEIGHTS_MISMATCH. */
export async function importTicket(
  file: FileToImport,
  out: string,
  { ticket: name, density, weights, method = 'imported', objective, ...request }: TicketRequest,
  registry: ComponentRegistry,
  open: OpenDataset = openDataset,
): Promise<ImportedTicket> {
  const network = await networkOf(request, registry, open);
  const chosen = chooseTicket(await ticketsIn(file, network), { name, density });
  const found =
    weights === undefined
      ? undefined
      : weightsFromPytorch(await readPytorchFile(weights), network, weights).tensors;
  const ticket = ticketFromFlat(chosen, network, {
    method,
    ...(objective === undefined ? {} : { objective }),
    // Which seed found it is not told.
    seed: 0,
    weightsHash: found ? weightsHash(found) : '',
    notes: [`imported from "${chosen.name}" of another program's file`],
  });
  await writeTicket(out, ticket);
  const written = await storedSize([await readFile(out)]);
  if (!found) return { ticket, sizes: { written } };
  for (const [name, { kept }] of ticket.layers) {
    const { data } = found.get(name)!;
    for (const [i, bit] of kept.entries()) if (bit === 0) data[i] = 0;
  }
  const trained = { network, tensors: found, mask: ticket.layers, metadata: {} };
  return { ticket, sizes: { written, network: await storedSizes(trained) } };
}
