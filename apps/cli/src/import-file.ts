import {
  type ImportedWeights,
  chooseTicket,
  readHdf5Tickets,
  ticketFromFlat,
  weightsFromPytorch,
} from '@winnow/exchange';
import { OptionPool } from '@winnow/experiments';
import { readFloats, readSafetensors, writeSafetensors } from '@winnow/files';
import {
  type ComponentRegistry,
  type ImageShape,
  type Network,
  WinnowError,
} from '@winnow/plugin-api';
import { type Ticket, weightsHash, writeTicket } from '@winnow/tickets';

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

async function networkOf(request: ImportedNetwork, registry: ComponentRegistry): Promise<Network> {
  if (request.dataset !== undefined && (request.input ?? request.classes) !== undefined) {
    throw new WinnowError('INVALID_OPTION', 'The shape of images is given twice.', {
      hint: 'Give --dataset, or --input and --classes.',
    });
  }
  const pool = new OptionPool(request.options);
  const model = registry.get('model', request.model);
  const options = pool.take(model);
  if (request.dataset !== undefined) {
    const descriptor = pool.dataset(registry, request.dataset);
    const dataset = await descriptor.open(pool.take(descriptor));
    return model.build(dataset.input, dataset.classes, options);
  }
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

/** Throws as `weightsFromPytorch` and `writeSafetensors` do, and INVALID_OPTION, UNKNOWN_NAME. */
export async function importWeights(
  path: string,
  out: string,
  request: ImportedNetwork,
  registry: ComponentRegistry,
): Promise<ImportedWeights> {
  const network = await networkOf(request, registry);
  const weights = weightsFromPytorch(await readSafetensors(path), network, path);
  await writeSafetensors(out, weights.tensors, { model: network.name });
  return weights;
}

export interface TicketRequest extends ImportedNetwork {
  readonly ticket?: string | undefined;
  readonly density?: number | undefined;
  /** The weights that the ticket was found on. */
  readonly weights?: string | undefined;
  readonly method?: string | undefined;
  readonly objective?: string | undefined;
}

/** Throws as `readHdf5Tickets`, `chooseTicket`, `ticketFromFlat` and `writeTicket` do, and INVALID_OPTION, UNKNOWN_NAME, WEIGHTS_MISMATCH. */
export async function importTicket(
  path: string,
  out: string,
  { ticket: name, density, weights, method = 'imported', objective, ...request }: TicketRequest,
  registry: ComponentRegistry,
): Promise<Ticket> {
  const chosen = chooseTicket(await readHdf5Tickets(path), { name, density });
  const network = await networkOf(request, registry);
  const ticket = ticketFromFlat(chosen, network, {
    method,
    ...(objective === undefined ? {} : { objective }),
    // Which seed found it is not told.
    seed: 0,
    weightsHash:
      weights === undefined ? '' : weightsHash(await readFloats(weights, network.parameters)),
    notes: [`imported from "${chosen.name}" of another program's file`],
  });
  await writeTicket(out, ticket);
  return ticket;
}
