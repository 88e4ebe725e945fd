import { Command } from 'commander';
import {
  type CommandContext,
  loadRegistry,
  withBackend,
  withPlugins,
  writeJson,
} from '../command-context.ts';
import { addComponentOptions } from '../component-options.ts';
import { parseNumber, parsePositive, parseWhole } from '../option-parsers.ts';

interface ScoreFlags extends Record<string, unknown> {
  method: string;
  objective: string;
  improved?: boolean;
  model: string;
  weights: string;
  dataset: string;
  density: number;
  iterations: number;
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
  command
    .requiredOption('--method <name>', 'snip, grasp, synflow, magnitude or saliency')
    .option('--objective <name>', 'whose saliency, for --method saliency', 'kl')
    .option('--improved', 'for --method grasp: keep the largest |θ ⊙ Hg|')
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
    .option('--iterations <n>', 'rounds of scoring and pruning', parsePositive, 1)
    .option('--seed <n>', 'of the perturbation of some saliencies', parseWhole, 0)
    .requiredOption('--out <file>', 'safetensors: scores by parameter name, mask.NAME')
    .option('--json', 'print JSON');
  withPlugins(withBackend(command));
  const componentOptions = addComponentOptions(command, registry, ['model', 'dataset']);

  return command.action(async (flags: ScoreFlags) => {
    const { weightScores } = await import('../weight-scores.ts');
    const result = await weightScores(
      {
        ...flags,
        improved: flags.improved ?? false,
        options: componentOptions(flags),
      },
      registry,
    );
    if (flags.json) return writeJson(result);
    process.stdout.write(
      `${result.method} on ${result.images} images keeps ${result.kept} of ${result.size} weights; scores and mask: ${result.out}\n`,
    );
  });
}
