import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type ComponentRegistry, WinnowError } from '@winnow/plugin-api';
import { Command } from 'commander';
import {
  type CommandContext,
  loadRegistry,
  loadRunRegistry,
  startChosenBackend,
  withBackend,
  withPlugins,
  writeJson,
} from '../command-context.ts';
import { addComponentOptions } from '../component-options.ts';
import { list, parseNumber, parsePositive, parseWhole } from '../option-parsers.ts';
import { interruption } from '../interruption.ts';
import { type TrainingFlags, withTraining } from '../training-flags.ts';

interface CompareFlags extends TrainingFlags, Record<string, unknown> {
  dataset?: string;
  methods: string[];
  density: number[];
  seeds: number[];
  objectives?: string[];
  images?: number;
  parallel: number;
  out: string;
  backend: string;
  json?: boolean;
}

const METHODS = 'cts:kl,cts:loss,snip,grasp,synflow,magnitude,random';
/** What a comparison of runs that are there already can be told. */
const OF_RUNS = new Set('objectives images parallel out backend plugin config json'.split(' '));

const EXAMPLES = `
Examples:
  $ winnow compare --dataset digits --model resnet8 --density 0.2,0.05,0.01 --epochs 8
  $ winnow compare --dataset cifar10 --data-dir data --model vgg16 --density 0.262,0.107,0.044 \\
      --methods cts:kl,saliency:kl,ltr,magnitude --objectives kl,loss --seeds 1,2,3 --out runs/figure1
  $ winnow compare runs/kl-0.05 runs/snip-0.05
Ctrl-C saves the state; the same command goes on where it stopped.`;

export async function compareCommand({ plugins }: CommandContext): Promise<Command> {
  const command = new Command('compare').addHelpText('after', EXAMPLES);
  const registry = await loadRegistry(plugins);
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
      list(parseNumber),
      [0.2, 0.05],
    )
    .option('--seeds <n,…>', 'of everything that is drawn', list(parseWhole), [1, 2, 3])
    .option('--objectives <names>', 'with commas between (default: all)', list(String))
    .option(
      '--images <n>',
      'training images that values are taken over (default: a quarter)',
      parsePositive,
    )
    .option('--parallel <n>', 'runs at a time', parsePositive, availableParallelism())
    .option('--out <dir>', 'folder of the runs and the report', join('runs', 'compare'))
    .option('--json', 'print JSON');
  withPlugins(withBackend(withTraining(command, 'init')));
  const componentOptions = addComponentOptions(command, registry, ['pruner', 'model', 'dataset']);

  return command.action(async (paths: string[], flags: CompareFlags) => {
    const { compareTickets, findTickets } = await import('../compare-tickets.ts');
    const { writeComparison } = await import('../compare-report.ts');
    const { registry, objectives, backend, runs, dataset } = await compared(paths, flags);
    const images = flags.images ?? Math.ceil(dataset.train.length / 4);
    if (images > dataset.train.length || images < 2) {
      throw new WinnowError(
        'INVALID_OPTION',
        `${images} images are asked for, and there are ${dataset.train.length} to train on.`,
        { hint: 'Give --images between 2 and that.' },
      );
    }
    const signal = interruption();
    const quiet = !!flags.json;
    const files = registry.plugins.map(({ specifier }) => specifier);
    await findTickets(runs, { plugins: files, parallel: flags.parallel, signal, quiet });
    const setting = { registry, dataset, objectives, images, signal };
    const comparison = await compareTickets(runs, setting, backend, quiet);
    const text = await writeComparison(comparison, flags.out);
    if (flags.json) writeJson(comparison);
    else process.stdout.write(text);
  });

  /** What components the comparison has, started, and what is compared. */
  async function compared(paths: readonly string[], flags: CompareFlags) {
    const { planComparison } = await import('../plan-comparison.ts');
    const { givenRuns } = await import('../given-runs.ts');
    const { reopenDataset } = await import('@winnow/experiments');
    const begin = async (within: ComponentRegistry) => ({
      registry: within,
      objectives: (flags.objectives ?? within.names('objective')).map((name) =>
        within.get('objective', name),
      ),
      backend: await startChosenBackend(flags.backend, within),
    });
    if (paths.length > 0) {
      const unused = command.options.find((option) => {
        const name = option.attributeName();
        return command.getOptionValueSource(name) === 'cli' && !OF_RUNS.has(name);
      });
      if (unused === undefined) {
        const runs = await givenRuns(paths);
        const begun = await begin(await loadRunRegistry(runs, plugins));
        return { ...begun, runs, dataset: await reopenDataset(runs[0]!.config, begun.registry) };
      }
      throw new WinnowError(
        'INVALID_OPTION',
        `${unused.long} is for new runs, and runs are given.`,
        {
          hint: 'Leave it out, or the run folders.',
        },
      );
    }
    if (flags.dataset !== undefined) {
      const { dataset, density } = flags;
      const begun = await begin(registry);
      const { backend } = begun;
      const request = { ...flags, dataset, densities: density, backend, plugins: registry.plugins };
      const options = componentOptions(flags);
      return { ...begun, ...(await planComparison({ ...request, options }, registry)) };
    }
    throw new WinnowError('INVALID_OPTION', 'There is nothing to compare.', {
      hint: 'Give run folders, or --dataset and what to run on it.',
    });
  }
}
