import { findTicketFile, inspectTicket } from '@winnow/experiments';
import { writeWhole } from '@winnow/files/disk';
import type { ImageShape } from '@winnow/plugin-api';
import { layerPicture } from '@winnow/report';
import { Command } from 'commander';
import { handler } from '../composition/handler.ts';
import { CONSOLE, REGISTRY } from '../composition/tokens.ts';
import { withPlugins } from '../flags/common-flags.ts';
import { parseShape } from '../flags/image-shape.ts';
import { parsePositive } from '../flags/option-parsers.ts';
import { print, printJson } from '../terminal/console.ts';
import { drawnAs } from '../terminal/drawn-as.ts';
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
  $ winnow inspect ticket.safetensors --input 32x32x3 --picture layers.png`;

const inspect = handler([REGISTRY, CONSOLE], (registry, console) => {
  return async (given: string, flags: InspectFlags) => {
    const { picture, json } = flags;
    const found = await findTicketFile(given, !!flags.input);
    const inspected = await inspectTicket(found, { ...flags, registry });
    const { ticket, layers, census } = inspected;
    const { provenance, size, kept, density } = ticket;
    if (picture !== undefined) {
      const title = `${provenance.model}: ${provenance.method}`;
      const svg = layerPicture({ title, layers });
      await writeWhole(picture, drawnAs(picture, svg));
    }
    const counts = census ?? { layers, size, kept, density };
    if (json) printJson(console, { provenance, ...counts });
    else print(console, ...ticketLines(inspected));
  };
});

export function inspectCommand(context: CommandContext): Command {
  const command = new Command('inspect')
    .argument('<ticket>', 'a ticket file or a run folder')
    .option('--input <HxWxC>', "image size, where the ticket's run is not beside it", parseShape)
    .option(
      '--classes <n>',
      'likewise (default: the outputs of the last layer, in the layout of PyTorch)',
      parsePositive,
    )
    .option('--picture <file>', 'draw density by layer (.svg or .png)')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES);
  return withPlugins(command).action(context.looking(inspect));
}
