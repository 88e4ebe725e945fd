import { existsSync, statSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { type ImageShape, WinnowError } from '@winnow/plugin-api';
import Table from 'cli-table3';
import { Command } from 'commander';
import {
  type CommandContext,
  loadRunRegistry,
  startChosenBackend,
  withPlugins,
  writeJson,
} from '../command-context.ts';
import { parsePositive } from '../option-parsers.ts';
import { parseShape } from '../image-shape.ts';
import { savings } from '../savings.ts';

interface InspectFlags {
  input?: ImageShape;
  classes?: number;
  picture?: string;
  json?: boolean;
}

export function inspectCommand({ plugins }: CommandContext): Command {
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
    .addHelpText(
      'after',
      '\nExamples:\n  $ winnow inspect runs/first\n  $ winnow inspect ticket.safetensors --input 32x32x3 --picture layers.png',
    );
  return withPlugins(command).action(async (given: string, flags: InspectFlags) => {
    const { leaveOut } = await import('@winnow/models');
    const { takeCensus } = await import('@winnow/tickets');
    const { readTicket } = await import('@winnow/tickets/files');
    const { RunFolder, buildNetwork } = await import('@winnow/experiments');
    const isFolder = existsSync(given) && statSync(given).isDirectory();
    const path = isFolder ? join(given, 'ticket.safetensors') : given;
    if (!existsSync(path)) {
      throw new WinnowError('FILE_NOT_READABLE', `There is no ticket at ${path}.`, {
        hint: 'Give a ticket file or the folder of a run that has one; a dense run has none.',
      });
    }
    const ticket = await readTicket(path);
    const { provenance } = ticket;
    // With --input, a config.json of something else beside the ticket does not matter.
    const folder = new RunFolder(dirname(path));
    const config = await folder.readConfig().catch((error: unknown) => {
      if (flags.input) return undefined;
      throw error;
    });
    const input = flags.input ?? config?.input;
    if (!input) {
      throw new WinnowError('INVALID_OPTION', `${path} does not say how large its images are.`, {
        hint: 'Give --input, such as --input 32x32x3.',
      });
    }
    const registry = await loadRunRegistry(config ? [{ folder, config }] : [], plugins);
    const head = [...ticket.layers.values()].at(-1);
    const classes = flags.classes ?? config?.classes ?? head?.shape[0] ?? 0;
    await startChosenBackend('auto', registry);
    const network = config
      ? buildNetwork({ ...config, input, classes }, registry)
      : leaveOut(
          registry.get('model', provenance.model).build(input, classes),
          provenance.leftOut ?? [],
        );
    const census = takeCensus(ticket, network.parameters);
    if (flags.picture !== undefined) {
      const { layerPicture, svgToPng } = await import('@winnow/report');
      const { writeWhole } = await import('@winnow/files/disk');
      const svg = layerPicture({
        title: `${provenance.model}: ${provenance.method}`,
        layers: census.layers,
      });
      const png = extname(flags.picture) === '.png';
      if (!png && extname(flags.picture) !== '.svg') {
        throw new WinnowError('INVALID_OPTION', `Cannot draw ${flags.picture}.`, {
          hint: 'Give a name that ends in .svg or .png.',
        });
      }
      await writeWhole(flags.picture, png ? svgToPng(svg, { width: 1200 }) : svg);
    }
    if (flags.json) return writeJson({ provenance, ...census });
    const table = new Table({
      head: ['layer', 'shape', 'kept', 'of', 'density', 'dead outputs', 'unused inputs', ''],
      style: { head: [], border: [] },
      colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'left'],
    });
    for (const layer of census.layers) {
      table.push([
        layer.name,
        layer.shape.join('×'),
        layer.kept,
        layer.size,
        `${(100 * layer.density).toPrecision(3)} %`,
        `${layer.deadOutputs}/${layer.outputs}`,
        `${layer.unusedInputs}/${layer.inputs}`,
        layer.collapsed ? 'collapsed' : '',
      ]);
    }
    const origin = [provenance.method, provenance.objective, `seed ${provenance.seed}`].filter(
      Boolean,
    );
    process.stdout.write(
      `${[
        `${provenance.model}, ${origin.join(', ')}, asked for density ${provenance.density}`,
        table.toString(),
        ...savings(census),
        ...(provenance.notes ?? []),
      ].join('\n')}\n`,
    );
  });
}
