import { type ImageShape, WinnowError } from '@winnow/plugin-api';
import { Command } from 'commander';
import { type CommandContext, loadRegistry, withPlugins, writeJson } from '../command-context.ts';
import { addComponentOptions } from '../component-options.ts';
import { parseNumber, parsePositive } from '../option-parsers.ts';
import { parseShape } from '../image-shape.ts';
import { DENSE, SPARSE, sizeTable } from '../size-table.ts';

interface ImportFlags extends Record<string, unknown> {
  list?: boolean;
  model: string;
  dataset?: string;
  input?: ImageShape;
  classes?: number;
  ticket?: string;
  density?: number;
  weights?: string;
  method?: string;
  objective?: string;
  out?: string;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  $ winnow import resnet18.safetensors --model resnet18 --input 224x224x3 --classes 1000 --out weights.safetensors
  $ winnow import tickets.h5 --list
  $ winnow import tickets.h5 --density 0.05 --model resnet20 --input 32x32x3 --classes 10 \\
      --weights weights.safetensors --method cts --out ticket.safetensors`;

const OF_TICKETS = ['ticket', 'density', 'weights', 'method', 'objective'];

const count = (n: number) => n.toLocaleString('en');
const writeLines = (lines: readonly string[]) => void process.stdout.write(`${lines.join('\n')}\n`);

async function listTickets(path: string, json: boolean | undefined): Promise<void> {
  const { densityOf } = await import('@winnow/exchange');
  const { readHdf5Tickets } = await import('@winnow/exchange/files');
  const tickets = (await readHdf5Tickets(path)).map((ticket) => ({
    name: ticket.name,
    size: ticket.mask.length,
    kept: ticket.kept,
    density: densityOf(ticket),
  }));
  if (json) return writeJson(tickets);
  for (const { name, size, kept, density } of tickets) {
    process.stdout.write(
      `${name}: ${count(kept)} of ${count(size)} weights, density ${density.toPrecision(4)}\n`,
    );
  }
}

async function listTensors(path: string, json: boolean | undefined): Promise<void> {
  const { readSafetensors } = await import('@winnow/files/disk');
  const { tensors, dtypes } = await readSafetensors(path);
  const rows = [...tensors].map(([name, { shape }]) => ({ name, shape, dtype: dtypes.get(name) }));
  if (json) return writeJson(rows);
  for (const { name, shape, dtype } of rows)
    process.stdout.write(`${name} [${shape.join(', ')}] ${dtype}\n`);
}

export async function importCommand({ plugins }: CommandContext): Promise<Command> {
  const command = new Command('import').addHelpText('after', EXAMPLES);
  const registry = await loadRegistry(plugins);
  command
    .argument('<file>', 'safetensors with weights, or HDF5 with tickets; the contents tell which')
    .option('--list', 'print what the file holds')
    .option('--model <name>', 'network', 'resnet20')
    .option('--dataset <name[:value]>', 'data set, whose image shape and classes are taken')
    .option('--input <HxWxC>', 'image size, in place of --dataset', parseShape)
    .option('--classes <n>', 'in place of --dataset', parsePositive)
    .option('--density <κ>', 'the ticket of this density', parseNumber)
    .option('--ticket <name>', 'the ticket of this name')
    .option('--weights <file>', 'the weights that the ticket was found on')
    .option('--method <name>', 'how the ticket was found, for its record (default: imported)')
    .option('--objective <name>', 'for which objective, for its record')
    .option('--out <file>', 'safetensors: weights, or a ticket')
    .option('--json', 'print JSON');
  const modelOptions = addComponentOptions(withPlugins(command), registry, ['model']);

  return command.action(async (path: string, flags: ImportFlags) => {
    const { isHdf5 } = await import('@winnow/exchange/files');
    const holdsTickets = await isHdf5(path);
    const { out } = flags;
    const chosen = flags.ticket !== undefined || flags.density !== undefined;
    if (flags.list)
      return holdsTickets ? listTickets(path, flags.json) : listTensors(path, flags.json);
    if (holdsTickets && !chosen) {
      throw new WinnowError('INVALID_OPTION', `Nothing says which ticket of ${path} is meant.`, {
        hint: 'Give --density or --ticket; --list shows what there is.',
      });
    }
    if (flags.ticket !== undefined && flags.density !== undefined) {
      throw new WinnowError('INVALID_OPTION', 'The ticket is chosen twice.', {
        hint: 'Give --density or --ticket.',
      });
    }
    const useless = holdsTickets ? undefined : OF_TICKETS.find((name) => flags[name] !== undefined);
    if (useless !== undefined) {
      throw new WinnowError(
        'OPTION_NOT_USED',
        `${path} holds weights, for which --${useless} says nothing.`,
        {
          hint: 'Leave it out.',
        },
      );
    }
    if (out === undefined) {
      throw new WinnowError('INVALID_OPTION', 'Nothing says where to write.', {
        hint: 'Give --out.',
      });
    }
    const { importTicket, importWeights } = await import('../import-file.ts');
    const request = { ...flags, options: modelOptions(flags) };
    if (holdsTickets) {
      const { ticket, sizes } = await importTicket(path, out, request, registry);
      const { kept, size, density, provenance } = ticket;
      if (flags.json) return writeJson({ out, kept, size, density, provenance, sizes });
      const { written, network } = sizes;
      const table = sizeTable({
        'written, ticket': written,
        ...(network && { [DENSE]: network.dense, [SPARSE]: network.sparse }),
      });
      return writeLines([
        `${out}: keeps ${count(kept)} of ${count(size)} weights, density ${density}`,
        ...table,
      ]);
    }
    const { tensors, renamed, converted, leftOut, written } = await importWeights(
      path,
      out,
      request,
      registry,
    );
    if (flags.json)
      return writeJson({
        out,
        parameters: tensors.size,
        renamed,
        converted,
        leftOut,
        sizes: { written },
      });
    writeLines([
      `${out}: ${tensors.size} parameters`,
      ...(renamed ? [`${renamed.count} renamed, such as ${renamed.example.join(' to ')}`] : []),
      ...Object.entries(converted).map(([dtype, n]) => `${n} converted from ${dtype} to float32`),
      ...(leftOut ? [`${leftOut} running statistics left out`] : []),
      ...sizeTable({ 'written, safetensors': written }),
    ]);
  });
}
