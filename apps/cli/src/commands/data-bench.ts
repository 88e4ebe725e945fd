import { streamEpochs } from '@winnow/datasets';
import { chosenDataset } from '@winnow/experiments';
import { randomStreams } from '@winnow/tensor-backend';
import { Command } from 'commander';
import { handler } from '../composition/handler.ts';
import { CLOCK, CONSOLE, OPEN_DATASET, REGISTRY } from '../composition/tokens.ts';
import { withPlugins } from '../flags/common-flags.ts';
import { addComponentOptions } from '../flags/component-options.ts';
import { parsePositive, parseWhole } from '../flags/option-parsers.ts';
import { print, printJson } from '../terminal/console.ts';
import { peakMemoryMiB } from '../terminal/peak-memory.ts';
import { epochFacts, epochLine, openedLine } from '../terminal/tell-stream.ts';
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
  const needs = [REGISTRY, CONSOLE, CLOCK, OPEN_DATASET] as const;
  const bench = handler(needs, (registry, console, clock, open) => {
    return async ({ epochs, seed, json, ...flags }: BenchFlags) => {
      const { descriptor, options } = chosenDataset(flags.dataset, given(flags), registry);
      const startedAt = clock();
      const dataset = await open(descriptor, options);
      const openSeconds = (clock() - startedAt) / 1000;
      const { batchSize = dataset.recipe.batchSize } = flags;
      if (!json) print(console, openedLine(dataset, openSeconds, batchSize));
      const perEpoch: ReturnType<typeof epochFacts>[] = [];
      const plan = { epochs, batchSize };
      for await (const epoch of streamEpochs(dataset, plan, randomStreams(seed), clock)) {
        perEpoch.push(epochFacts(epoch));
        if (!json) print(console, epochLine(perEpoch.length, perEpoch.at(-1)!));
      }
      const facts = { dataset: dataset.name, images: dataset.train.length, openSeconds, ...plan };
      if (json) printJson(console, { ...facts, perEpoch, peakMemoryMiB: peakMemoryMiB() });
      else print(console, `peak memory ${peakMemoryMiB()} MiB`);
    };
  });
  return command.action(context.action(bench));
}
