import { existsSync } from 'node:fs';
import { findTicketFile, inspectModel, inspectTicket } from '@winnow/experiments';
import { writeWhole } from '@winnow/files/disk';
import { type ImageShape, WinnowError } from '@winnow/plugin-api';
import { layerPicture } from '@winnow/report';
import { Command } from 'commander';
import { handler } from '../composition/handler.ts';
import { CONSOLE, REGISTRY } from '../composition/tokens.ts';
import { withPlugins } from '../flags/common-flags.ts';
import { parseShape } from '../flags/image-shape.ts';
import { wholeFrom } from '../flags/option-parsers.ts';
import { print, printJson } from '../terminal/console.ts';
import { drawnAs } from '../terminal/drawn-as.ts';
import { modelLines } from '../terminal/tell-model.ts';
import { ticketLines } from '../terminal/tell-ticket.ts';
import type { CommandContext } from './command-context.ts';

interface InspectFlags {
  input?: ImageShape;
  classes?: number;
  picture?: string;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  $ winnow inspect runs/first
  $ winnow inspect resnet20 --input 32x32x3
  $ winnow inspect ticket.safetensors --input 32x32x3 --picture layers.png`;

const inspect = handler([REGISTRY, CONSOLE], (registry, console) => {
  return async (given: string, flags: InspectFlags) => {
    const { picture, json } = flags;
    // What lies here is meant, whatever models are called.
    if (!existsSync(given) && registry.names('model').includes(given)) {
      if (picture !== undefined) {
        throw new WinnowError('OPTION_NOT_USED', 'A model has no density to draw.', {
          hint: 'Leave --picture out, or give a ticket.',
        });
      }
      const model = await inspectModel(given, { ...flags, registry });
      if (json) printJson(console, model);
      else print(console, ...modelLines(model));
      return;
    }
    const found = await findTicketFile(given, !!flags.input);
    const inspected = await inspectTicket(found, { ...flags, registry });
    const { ticket, layers, census, here, record, unfinished, worker } = inspected;
    const { provenance, size, kept, density } = ticket;
    if (picture !== undefined) {
      const title = `${provenance.model}: ${provenance.method}`;
      const svg = await layerPicture({ title, layers });
      await writeWhole(picture, await drawnAs(picture, svg));
    }
    const counts = census ?? { layers, size, kept, density };
    const run = record && { run: record };
    if (json) printJson(console, { provenance, ...counts, ...run, here, unfinished, worker });
    else print(console, ...ticketLines(inspected));
  };
});

export function inspectCommand(context: CommandContext): Command {
  const command = new Command('inspect')
    .argument('<ticket>', 'a ticket file, a run folder, or the name of a model')
    .option(
      '--input <HxWxC>',
      "image size, of a model, and where the ticket's run is not beside it",
      parseShape,
    )
    .option(
      '--classes <n>',
      'likewise (default: 10 of a model; else the outputs of the last layer, in the layout of PyTorch)',
      wholeFrom(1, 1_000_000),
    )
    .option('--picture <file>', 'draw density by layer (.svg or .png)')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES);
  return withPlugins(command).action(context.looking(inspect));
}
