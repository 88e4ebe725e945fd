import { Command } from 'commander';
import { type CommandContext, loadRegistry, withPlugins, writeJson } from '../command-context.ts';
import { addComponentOptions } from '../component-options.ts';
import { parsePositive, parseWhole } from '../option-parsers.ts';
import { peakMemoryMiB } from '../peak-memory.ts';

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

export async function dataBenchCommand({ plugins }: CommandContext): Promise<Command> {
  const command = new Command('bench')
    .requiredOption('--dataset <name[:value]>', 'data set, with its argument where it takes one')
    .option('--epochs <count>', 'how often to read all of them', parsePositive, 3)
    .option('--batch-size <images>', "images a step (default: the data set's)", parsePositive)
    .option('--seed <number>', 'of order and augmentation', parseWhole, 0)
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES);
  const registry = await loadRegistry(plugins);
  withPlugins(command);
  const componentOptions = addComponentOptions(command, registry, ['dataset']);
  return command.action(async (flags: BenchFlags) => {
    const { streamEpochs } = await import('@winnow/datasets');
    const { OptionPool } = await import('@winnow/experiments');
    const { randomStreams } = await import('@winnow/tensor-backend');
    const pool = new OptionPool(componentOptions(flags));
    const descriptor = pool.dataset(registry, flags.dataset);
    const options = pool.take(descriptor);
    pool.assertAllTaken();
    const startedAt = performance.now();
    const dataset = await descriptor.open(options);
    const openSeconds = (performance.now() - startedAt) / 1000;
    const { height, width, channels } = dataset.input;
    const plan = { epochs: flags.epochs, batchSize: flags.batchSize ?? dataset.recipe.batchSize };
    if (!flags.json) {
      process.stdout.write(
        `${dataset.name}: ${dataset.train.length} training images of ${height}×${width}×${channels}, opened in ${openSeconds.toFixed(1)} s; batches of ${plan.batchSize}\n`,
      );
    }
    const epochs: { imagesPerSecond: number; residentMiB: number }[] = [];
    for await (const epoch of streamEpochs(dataset, plan, randomStreams(flags.seed))) {
      const facts = {
        imagesPerSecond: Math.round(epoch.images / epoch.seconds),
        residentMiB: Math.round(epoch.residentMiB),
      };
      epochs.push(facts);
      if (flags.json) continue;
      process.stdout.write(
        `epoch ${epochs.length}: ${facts.imagesPerSecond} images a second, ${facts.residentMiB} MiB resident at its end\n`,
      );
    }
    if (flags.json) {
      return writeJson({
        dataset: dataset.name,
        images: dataset.train.length,
        openSeconds,
        ...plan,
        perEpoch: epochs,
        peakMemoryMiB: peakMemoryMiB(),
      });
    }
    process.stdout.write(`peak memory ${peakMemoryMiB()} MiB\n`);
  });
}
