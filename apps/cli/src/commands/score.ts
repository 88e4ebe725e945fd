import { ComponentRegistry } from '@winnow/plugin-api';
import { Command, Option } from 'commander';
import {
  type CommandContext,
  loadRegistry,
  withBackend,
  withPlugins,
  writeJson,
} from '../command-context.ts';
import { addComponentOptions } from '../component-options.ts';
import { parseNumber, parseWhole } from '../option-parsers.ts';
import { type PruningFlags, withPruning } from '../pruning-flags.ts';

interface ScoreFlags extends PruningFlags, Record<string, unknown> {
  method: string;
  model: string;
  weights: string;
  dataset: string;
  density: number;
  seed: number;
  out: string;
  backend: string;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  $ winnow score --method snip --model resnet8 --weights weights.safetensors \\
      --dataset tensor-file:batch.safetensors --density 0.05 --out scores.safetensors
  $ winnow score --method synflow --model resnet8 --weights weights.safetensors \\
      --dataset tensor-file:batch.safetensors --density 0.05 --iterations 100 --out scores.safetensors --json`;

export async function scoreCommand({ plugins }: CommandContext): Promise<Command> {
  const command = new Command('score').addHelpText('after', EXAMPLES);
  const registry = await loadRegistry(plugins);
  const scorers = registry.all('pruner').filter((pruner) => pruner.scoring !== undefined);
  command
    .addOption(
      new Option('--method <name>', 'whose scores')
        .choices(scorers.map(({ name }) => name))
        .makeOptionMandatory(),
    )
    .option('--model <name>', 'network', 'resnet20')
    .requiredOption(
      '--weights <file>',
      'safetensors in PyTorch layout, with the names of this network',
    )
    .requiredOption('--dataset <name[:value]>', 'its training images, all as one batch')
    .requiredOption(
      '--density <κ>',
      'fraction of the prunable weights that the mask keeps',
      parseNumber,
    )
    .option('--seed <n>', 'of what is drawn', parseWhole, 0)
    .requiredOption('--out <file>', 'safetensors: scores by parameter name, mask.NAME')
    .option('--json', 'print JSON');
  withPlugins(withBackend(withPruning(command)));
  const others = (['objective', 'model', 'dataset'] as const).flatMap((kind) => registry.all(kind));
  const offered = new ComponentRegistry([...scorers, ...others]);
  const componentOptions = addComponentOptions(command, offered);

  return command.action(async (flags: ScoreFlags) => {
    const { weightScores } = await import('../weight-scores.ts');
    const result = await weightScores(
      { ...flags, layerDensities: flags.layerDensity, options: componentOptions(flags) },
      registry,
    );
    if (flags.json) return writeJson(result);
    process.stdout.write(
      `${result.method} on ${result.images} images keeps ${result.kept} of ${result.size} weights; scores and mask: ${result.out}\n`,
    );
  });
}
