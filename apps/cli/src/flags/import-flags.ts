import { type ImageShape, WinnowError } from '@winnow/plugin-api';
import { type Command, Option } from 'commander';
import { parseShape } from './image-shape.ts';
import { wholeFrom } from './option-parsers.ts';
import { parseDensity } from './parse-density.ts';

export interface ImportFlags extends Record<string, unknown> {
  readonly list?: boolean;
  readonly model: string;
  readonly dataset?: string;
  readonly input?: ImageShape;
  readonly classes?: number;
  readonly ticket?: string;
  readonly density?: number;
  readonly weights?: string;
  readonly method?: string;
  readonly objective?: string;
  readonly out?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ winnow import resnet18.safetensors --model resnet18 --input 224x224x3 --classes 1000 --out weights.safetensors
  $ winnow import checkpoint.pth --list
  $ winnow import pruned.pth --ticket mask --weights pruned.pth --model resnet8 --dataset digits \\
      --out ticket.safetensors
  $ winnow import tickets.h5 --list
  $ winnow import tickets.h5 --density 0.05 --model resnet20 --input 32x32x3 --classes 10 \\
      --weights weights.safetensors --method cts --out ticket.safetensors`;

const OF_TICKETS = ['ticket', 'density', 'weights', 'method', 'objective'];

export function withImport(command: Command): Command {
  return command
    .argument(
      '<file>',
      'weights of torch.save or safetensors, or HDF5 with tickets; the contents tell which',
    )
    .option('--list', 'print what the file holds')
    .option('--model <name>', 'network', 'resnet20')
    .addOption(
      new Option(
        '--dataset <name[:value]>',
        'data set, whose image shape and classes are taken',
      ).conflicts(['input', 'classes']),
    )
    .option('--input <HxWxC>', 'image size, in place of --dataset', parseShape)
    .option('--classes <n>', 'in place of --dataset', wholeFrom(1, 1_000_000))
    .addOption(
      new Option('--density <κ>', 'the ticket of this density')
        .argParser(parseDensity)
        .conflicts('ticket'),
    )
    .option(
      '--ticket <name>',
      'the ticket of this name; "mask" for the masks of torch.nn.utils.prune, or of `winnow export --format mask`',
    )
    .option('--weights <file>', 'the weights that the ticket was found on')
    .option('--method <name>', 'how the ticket was found, for its record (default: imported)')
    .option('--objective <name>', 'for which objective, for its record')
    .option('--out <file>', 'safetensors: weights, or a ticket')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES);
}

function refuse(code: string, message: string, hint: string): never {
  throw new WinnowError(code, message, { hint });
}

/** Where to write what a file holds. Throws INVALID_OPTION and OPTION_NOT_USED where flags do not go with the contents. */
export function placeOfImport(path: string, flags: ImportFlags, holdsTickets: boolean): string {
  const { ticket, density, out } = flags;
  if (holdsTickets && ticket === undefined && density === undefined) {
    refuse(
      'INVALID_OPTION',
      `Nothing says which ticket of ${path} is meant.`,
      'Give --density or --ticket, which is "mask" for masks of PyTorch; --list shows what there is.',
    );
  }
  const useless = holdsTickets ? undefined : OF_TICKETS.find((name) => flags[name] !== undefined);
  if (useless !== undefined) {
    refuse(
      'OPTION_NOT_USED',
      `${path} holds weights and no mask, for which --${useless} says nothing.`,
      'Leave it out to import the weights. A network pruned by torch.nn.utils.prune has NAME_mask beside NAME_orig, until prune.remove; a ticket of Winnow needs no import.',
    );
  }
  return out ?? refuse('INVALID_OPTION', 'Nothing says where to write.', 'Give --out.');
}
