import { join } from 'node:path';
import { type GivenOptions, INTERRUPTED, WinnowError, parseOptions } from '@winnow/plugin-api';
import Table from 'cli-table3';
import { Command } from 'commander';
import { type CommandContext, loadRegistry, withPlugins, writeJson } from '../command-context.ts';
import { addComponentOptions } from '../component-options.ts';
import { interruption } from '../interruption.ts';
import { peakMemoryMiB } from '../peak-memory.ts';
import { ProgressLine } from '../progress-line.ts';

interface VerifyFlags extends Record<string, unknown> {
  json?: boolean;
}

const EXAMPLES = `
Examples:
  $ winnow data verify photos
  $ winnow data verify data/tiny-imagenet-200
  $ winnow data verify parquet data/mine --label-column fine_label --json`;

/** A table of more classes than this says little. */
const MOST_CLASSES = 50;

export async function dataVerifyCommand({ plugins }: CommandContext): Promise<Command> {
  const command = new Command('verify')
    .argument(
      '<name or dir>',
      'a data set, or the folder (or file) of one, recognised by its files',
    )
    .argument('[dir]', 'its folder (or file), after a name')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES);
  const registry = await loadRegistry(plugins);
  withPlugins(command);
  const componentOptions = addComponentOptions(command, registry, ['dataset']);
  return command.action(async (first: string, second: string | undefined, flags: VerifyFlags) => {
    const { REMOTE_DATASETS, checkChecksums, recognizeDataset, verifyDataset } =
      await import('@winnow/datasets');
    const { OptionPool } = await import('@winnow/experiments');
    const comes = second === undefined && registry.all('dataset').some((d) => d.name === first);
    const name = second === undefined && !comes ? recognizeDataset(first) : first;
    const pool = new OptionPool(componentOptions(flags));
    const descriptor = pool.dataset(registry, comes ? name : `${name}:${second ?? first}`);
    const given = pool.take(descriptor);
    pool.assertAllTaken();
    const options = parseOptions(descriptor.options, given, `data set "${name}"`);
    const place = descriptor.argument && (options as GivenOptions)[descriptor.argument];
    const path = typeof place === 'string' ? place : undefined;

    const line = new ProgressLine();
    const signal = interruption('Stopping');
    const remote = REMOTE_DATASETS.find((dataset) => dataset.name === name);
    const checksums =
      path === undefined
        ? undefined
        : ((await checkChecksums(path)) ??
          (remote && (await checkChecksums(join(path, remote.folder)))));
    const dataset = await descriptor.open(given, { verifying: true });
    const result = await verifyDataset(dataset, signal, (done, of) => {
      line.show(`${done} of ${of} images`);
    });
    line.end();
    if (signal.aborted) {
      throw new WinnowError(INTERRUPTED, `Interrupted after ${result.images} images.`);
    }
    const problems = [...(checksums?.problems ?? []), ...result.problems];
    const rate = result.images / result.seconds;
    const facts = {
      dataset: name,
      images: result.images,
      checksummedFiles: checksums?.files ?? 0,
      imagesPerSecond: Math.round(rate),
      peakMemoryMiB: peakMemoryMiB(),
    };
    if (flags.json) writeJson({ ...facts, classes: result.classes, problems });
    else {
      const table = new Table({
        head: ['class', 'train', 'validation', 'test'],
        style: { head: [], border: [], compact: true },
        colAligns: ['left', 'right', 'right', 'right'],
      });
      const shown = result.classes.slice(0, MOST_CLASSES);
      for (const counted of shown) table.push([counted.name, ...counted.images]);
      process.stdout.write(`${table.toString()}\n`);
      if (result.classes.length > shown.length) {
        process.stdout.write(`… and ${result.classes.length - shown.length} classes more\n`);
      }
      for (const problem of problems) process.stdout.write(`${problem}\n`);
      process.stdout.write(
        `${name}: ${facts.images} images, ${facts.imagesPerSecond} a second, peak memory ${facts.peakMemoryMiB} MiB; ${
          checksums ? `${checksums.files} files compared with SHA256SUMS` : 'no SHA256SUMS'
        }\n`,
      );
    }
    if (problems.length === 0) return;
    const shown = problems.slice(0, 3).map((problem) => problem.replace(/\.$/, ''));
    throw new WinnowError(
      'BAD_DATA',
      `${path ?? name} has ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}: ${shown.join('; ')}${problems.length > 3 ? '; …' : '.'}`,
      { hint: 'Restore or remove the files.' },
    );
  });
}
