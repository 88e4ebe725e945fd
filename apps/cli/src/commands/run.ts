import { join } from 'node:path';
import { Command } from 'commander';
import {
  type CommandContext,
  loadRegistry,
  startChosenBackend,
  withBackend,
  withPlugins,
} from '../command-context.ts';
import { addComponentOptions } from '../component-options.ts';
import { parseNumber, parseWhole } from '../option-parsers.ts';
import { type PruningFlags, withPruning } from '../pruning-flags.ts';
import { type RunErrand, withErrand } from '../run-errand.ts';
import { type TrainingFlags, withTraining } from '../training-flags.ts';
import { versions } from '../version.ts';

interface RunFlags extends RunErrand, TrainingFlags, PruningFlags, Record<string, unknown> {
  method: string;
  dataset: string;
  density?: number;
  seed: number;
  startWeights?: string;
  backend: string;
  out?: string;
}

const EXAMPLES = `
Examples:
  $ winnow run --dataset digits --model resnet8 --density 0.0025 --epochs 40 --search-epochs 60
  $ winnow run --dataset cifar10 --data-dir data --model resnet20 --density 0.0074 \\
      --method cts --objective kl --start rewind --duration short --seed 1 --out runs/first
  $ winnow run --dataset digits --model resnet8 --density 0.05 --method snip \\
      --leave-out "stem.*" --layer-density "head.*=0.5"
  $ winnow run --dataset digits --model resnet8 --method dense
Ctrl-C saves the state; the same command goes on where it stopped.`;

export async function runCommand({ plugins }: CommandContext): Promise<Command> {
  const command = new Command('run').addHelpText('after', EXAMPLES);
  const registry = await loadRegistry(plugins);
  command
    .option('--method <name>', 'pruner, or "dense" to keep every weight', 'cts')
    .requiredOption('--dataset <name[:value]>', 'data set, with its argument where it takes one')
    .option(
      '--density <κ>',
      'fraction of the prunable weights to keep; 1 is dense; a method may have its own',
      parseNumber,
    )
    .option('--seed <n>', 'of everything that is drawn', parseWhole, 0)
    .option(
      '--start-weights <file>',
      'weights at the start point, as `winnow import` writes them (default: fresh, then trained up to it)',
    )
    .option('--out <dir>', 'run folder (default: a name of its own under runs/)');
  withPlugins(withBackend(withErrand(withTraining(withPruning(command), 'rewind'))));
  const componentOptions = addComponentOptions(command, registry);

  return command.action(async (flags: RunFlags) => {
    const { RunFolder, planRun } = await import('@winnow/experiments');
    const recorded = flags.out && (await new RunFolder(flags.out).readConfig());
    const wish = flags.backend === 'auto' && recorded ? recorded.backend : flags.backend;
    const backend = await startChosenBackend(wish, registry);
    const plan = await planRun(
      {
        ...flags,
        layerDensities: flags.layerDensity,
        options: componentOptions(flags),
        plugins: registry.plugins,
        backend,
        versions: versions(),
      },
      registry,
    );
    const folder = new RunFolder(flags.out ?? join('runs', plan.name));
    const { carryOutRun } = await import('../carry-out-run.ts');
    await carryOutRun(plan.config, folder, { registry, dataset: plan.dataset }, flags);
  });
}
