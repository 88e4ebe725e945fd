import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { WinnowError } from '@winnow/plugin-api';
import type { Command } from 'commander';
import { withBackend, withPlugins } from './common-flags.ts';
import { list, parsePositive, parseWhole } from './option-parsers.ts';
import { parseDensity } from './parse-density.ts';
import { type PruningFlags, withPruning } from './pruning-flags.ts';
import { type TrainingFlags, withTraining } from './training-flags.ts';

export interface ComparisonFlags extends TrainingFlags, PruningFlags, Record<string, unknown> {
  readonly dataset?: string;
  readonly methods: readonly string[];
  readonly density: readonly number[];
  readonly seeds: readonly number[];
  readonly objectives?: readonly string[];
  readonly images?: number;
  readonly parallel: number;
  readonly out: string;
  readonly backend: string;
  readonly json?: boolean;
}

const METHODS = 'cts:kl,cts:loss,snip,grasp,synflow,magnitude,random';

/** What a comparison of runs that are there already can be told, beside options of objectives. */
export const OF_GIVEN_RUNS =
  'objectives images parallel out backend plugin plugins config json'.split(' ');

const EXAMPLES = `
Examples:
  $ winnow compare --dataset digits --model resnet8 --density 0.2,0.05,0.01 --epochs 8
  $ winnow compare --dataset cifar10 --data-dir data --model vgg16 --density 0.262,0.107,0.044 \\
      --methods cts:kl,saliency:kl,ltr,magnitude --objectives kl,loss --seeds 1,2,3 --out runs/figure1
  $ winnow compare --dataset digits --model resnet8 --methods snip,synflow --leave-out "stem.*" \\
      --layer-density "head.*=0.5"
  $ winnow compare runs/kl-0.05 runs/snip-0.05
Ctrl-C saves the state; the same command goes on where it stopped.`;

export function withComparison(command: Command): Command {
  command
    .argument('[run...]', 'folders of runs, in place of running methods')
    .option('--dataset <name[:value]>', 'data set, with its argument where it takes one')
    .option(
      '--methods <names>',
      'NAME or NAME:OBJECTIVE, with commas between',
      list(String),
      METHODS.split(','),
    )
    .option(
      '--density <κ,…>',
      'fractions of the prunable weights to keep',
      list(parseDensity),
      [0.2, 0.05],
    )
    .option('--seeds <n,…>', 'of everything that is drawn', list(parseWhole), [1, 2, 3])
    .option(
      '--objectives <names>',
      'with commas between (default: all that go with the network)',
      list(String),
    )
    .option(
      '--images <n>',
      'training images that values are taken over (default: a quarter)',
      parsePositive,
    )
    .option('--parallel <n>', 'runs at a time', parsePositive, availableParallelism())
    .option('--out <dir>', 'folder of the runs and the report', join('runs', 'compare'))
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES);
  return withPlugins(withBackend(withTraining(withPruning(command), 'init')));
}

/** What a comparison of new runs is asked for. Throws INVALID_OPTION where there is no data set. */
export function newComparison(flags: ComparisonFlags) {
  const { dataset, density: densities, layerDensity: layerDensities } = flags;
  if (dataset !== undefined) return { ...flags, dataset, densities, layerDensities };
  throw new WinnowError('INVALID_OPTION', 'There is nothing to compare.', {
    hint: 'Give run folders, or --dataset and what to run on it.',
  });
}
