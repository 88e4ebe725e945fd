import { Command } from 'commander';
import { handler } from '../composition/handler.ts';
import { BAR, CONSOLE, RUNNER } from '../composition/tokens.ts';
import { withBackend, withPlugins } from '../flags/common-flags.ts';
import { addComponentOptions } from '../flags/component-options.ts';
import { type FineTuneFlags, withFineTuning } from '../flags/fine-tune-flags.ts';
import { parseWhole } from '../flags/option-parsers.ts';
import { parseDensity } from '../flags/parse-density.ts';
import { type PruningFlags, withPruning } from '../flags/pruning-flags.ts';
import { type ErrandFlags, withErrand } from '../flags/run-errand.ts';
import { type TrainingFlags, withTraining } from '../flags/training-flags.ts';
import { carryOut } from './carry-out.ts';
import type { CommandContext } from './command-context.ts';

interface RunFlags
  extends ErrandFlags, TrainingFlags, FineTuneFlags, PruningFlags, Record<string, unknown> {
  method: string;
  dataset: string;
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
  $ winnow run --dataset digits --model resnet8 --density 0.05 \\
      --validate-every 5 --observe tensorboard
  $ winnow run --dataset digits --model resnet8 --method dense
  $ winnow run --dataset digits --model resnet8 --method magnitude --density 0.05 \\
      --start-weights trained.pth --fine-tune
Ctrl-C saves the state; the same command goes on where it stopped.`;

export async function runCommand(context: CommandContext): Promise<Command> {
  const command = new Command('run')
    .addHelpText('after', EXAMPLES)
    .option('--method <name>', 'pruner, or "dense" to keep every weight', 'cts')
    .requiredOption('--dataset <name[:value]>', 'data set, with its argument where it takes one')
    .option(
      '--density <κ>',
      'fraction of the prunable weights to keep; 1 is dense; a method may have its own',
      parseDensity,
    )
    .option('--seed <n>', 'of everything that is drawn', parseWhole, 0)
    .option(
      '--start-weights <file>',
      'weights at the start point, of PyTorch too (default: fresh, then trained up to it)',
    )
    .option('--out <dir>', 'run folder (default: a name of its own under runs/)');
  withPlugins(
    withBackend(withErrand(withFineTuning(withTraining(withPruning(command), 'rewind')))),
  );
  const catalogue = await context.catalogue();
  const options = addComponentOptions(command, catalogue);
  const observerOptions = addComponentOptions(command, catalogue, ['observer']);
  const run = handler([RUNNER, CONSOLE, BAR], (runner, console, bar) => {
    return async (flags: RunFlags) => {
      const { layerDensity: layerDensities, out } = flags;
      const ready = await runner.plan({ ...flags, layerDensities, options: options(flags) }, out);
      await carryOut(ready, flags, observerOptions(flags), { runner, console, bar });
    };
  });
  return command.action(context.action(run));
}
