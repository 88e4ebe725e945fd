import { streamEpochs } from '@winnow/datasets';
import { chosenDataset } from '@winnow/experiments';
import { randomStreams } from '@winnow/tensor-backend';
import { Command } from 'commander';
import { handler } from '../composition/handler.ts';
import { CLOCK, CONSOLE, REGISTRY } from '../composition/tokens.ts';
import { withPlugins } from '../flags/common-flags.ts';
import { addComponentOptions } from '../flags/component-options.ts';
import { parsePositive, parseWhole } from '../flags/option-parsers.ts';
import { print, printJson } from '../terminal/console.ts';
import { peakMemoryMiB } from '../terminal/peak-memory.ts';
import type { CommandContext } from './command-context.ts';

interface BenchFlags extends Record<string, unknown> {
  dataset: string;
  epochs: number;
  batchSize?: number;
  seed: number;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  $ winnow data bench --dataset image-folder:photos
  $ winnow data bench --dataset parquet --data-dir data/mine --epochs 5 --batch-size 128 --json`;

export async function dataBenchCommand(context: CommandContext): Promise<Command> {
  const command = new Command('bench')
    .requiredOption('--dataset <name[:value]>', 'data set, with its argument where it takes one')
    .option('--epochs <count>', 'how often to read all of them', parsePositive, 3)
    .option('--batch-size <images>', "images a step (default: the data set's)", parsePositive)
    .option('--seed <number>', 'of order and augmentation', parseWhole, 0)
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES);
  const given = addComponentOptions(withPlugins(command), await context.catalogue(), ['dataset']);
  const bench = handler([REGISTRY, CONSOLE, CLOCK], (registry, console, clock) => {
    return async (flags: BenchFlags) => {
      const { descriptor, options } = chosenDataset(flags.dataset, given(flags), registry);
      const startedAt = clock();
      const dataset = await descriptor.open(options);
      const { name, train, input, recipe } = dataset;
      const openSeconds = (clock() - startedAt) / 1000;
      const { epochs, batchSize = recipe.batchSize, seed, json } = flags;
      const tell = (line: string) => json || print(console, line);
      tell(
        `${name}: ${train.length} training images of ${input.height}×${input.width}×${input.channels}, opened in ${openSeconds.toFixed(1)} s; batches of ${batchSize}`,
      );
      const perEpoch: { imagesPerSecond: number; residentMiB: number }[] = [];
      for await (const epoch of streamEpochs(
        dataset,
        { epochs, batchSize },
        randomStreams(seed),
        clock,
      )) {
        const imagesPerSecond = Math.round(epoch.images / epoch.seconds);
        const residentMiB = Math.round(epoch.residentMiB);
        perEpoch.push({ imagesPerSecond, residentMiB });
        tell(
          `epoch ${perEpoch.length}: ${imagesPerSecond} images a second, ${residentMiB} MiB resident at its end`,
        );
      }
      const facts = { dataset: name, images: train.length, openSeconds, epochs, batchSize };
      if (json) printJson(console, { ...facts, perEpoch, peakMemoryMiB: peakMemoryMiB() });
      tell(`peak memory ${peakMemoryMiB()} MiB`);
    };
  });
  return command.action(context.action(bench));
}
