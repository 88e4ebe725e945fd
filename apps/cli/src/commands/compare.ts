import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type ComponentRegistry, WinnowError, optionFields } from '@winnow/plugin-api';
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
import { type PruningFlags, withPruning } from '../pruning-flags.ts';
import { type TrainingFlags, withTraining } from '../training-flags.ts';

interface CompareFlags extends TrainingFlags, PruningFlags, Record<string, unknown> {
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
  $ winnow compare --dataset digits --model resnet8 --methods snip,synflow --leave-out "stem.*" \\
      --layer-density "head.*=0.5"
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
    .option('--json', 'print JSON');
  withPlugins(withBackend(withTraining(withPruning(command), 'init')));
  const componentOptions = addComponentOptions(command, registry);

  return command.action(async (paths: string[], flags: CompareFlags) => {
    const { compareTickets, findTickets } = await import('../compare-tickets.ts');
    const { writeComparison } = await import('../compare-report.ts');
    const { applicableObjectives, buildNetwork } = await import('@winnow/experiments');
    const { registry, chosen, backend, runs, dataset } = await compared(paths, flags);
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
    const named = flags.objectives !== undefined;
    const network = buildNetwork(runs[0]!.config, registry);
    const suited = await applicableObjectives(chosen, named, { network, dataset });
    const { objectives, skipped } = suited;
    await findTickets(runs, { plugins: files, parallel: flags.parallel, signal, quiet });
    const setting = { registry, dataset, objectives, images, signal };
    const comparison = await compareTickets(runs, setting, { backend, skipped, quiet });
    const text = await writeComparison(comparison, flags.out);
    if (flags.json) writeJson(comparison);
    else process.stdout.write(text);
  });

  /** Of runs that are given: only what says how they are compared. */
  function assertOfRuns(): void {
    const ofObjectives = registry.all('objective').flatMap(({ options }) => optionFields(options));
    const known = new Set([...OF_RUNS, ...ofObjectives.map(({ name }) => name)]);
    const unused = command.options.find((option) => {
      const name = option.attributeName();
      return command.getOptionValueSource(name) === 'cli' && !known.has(name);
    });
    if (unused === undefined) return;
    throw new WinnowError('INVALID_OPTION', `${unused.long} is for new runs, and runs are given.`, {
      hint: 'Leave it out, or the run folders.',
    });
  }

  /** What components the comparison has, started, and what is compared by what. */
  async function compared(paths: readonly string[], flags: CompareFlags) {
    const { OptionPool, reopenDataset } = await import('@winnow/experiments');
    const { planComparison, prepareRuns } = await import('../plan-comparison.ts');
    const { givenRuns } = await import('../given-runs.ts');
    const options = componentOptions(flags);
    const pool = new OptionPool(options);
    const chosenFrom = (within: ComponentRegistry) =>
      (flags.objectives ?? within.names('objective')).map((name) => pool.objective(within, name));
    if (paths.length > 0) {
      assertOfRuns();
      const runs = await givenRuns(paths);
      const ofRuns = await loadRunRegistry(runs, plugins);
      const chosen = chosenFrom(ofRuns);
      pool.assertAllTaken();
      const backend = await startChosenBackend(flags.backend, ofRuns);
      const dataset = await reopenDataset(runs[0]!.config, ofRuns);
      return { registry: ofRuns, chosen, backend, runs, dataset };
    }
    if (flags.dataset !== undefined) {
      const { dataset, density } = flags;
      const chosen = chosenFrom(registry);
      const backend = await startChosenBackend(flags.backend, registry);
      const request = { ...flags, dataset, densities: density, options, compared: chosen, backend };
      const planned = await planComparison({ ...request, plugins: registry.plugins }, registry);
      await prepareRuns(planned.runs, { registry, dataset: planned.dataset });
      return { registry, chosen, backend, ...planned };
    }
    throw new WinnowError('INVALID_OPTION', 'There is nothing to compare.', {
      hint: 'Give run folders, or --dataset and what to run on it.',
    });
  }
}
