import { Command } from 'commander';
import {
  type CommandContext,
  loadRegistry,
  withBackend,
  withPlugins,
  writeJson,
} from '../command-context.ts';
import { addComponentOptions } from '../component-options.ts';
import { list } from '../option-parsers.ts';

interface ObjectiveFlags extends Record<string, unknown> {
  model: string;
  weights: string;
  dataset: string;
  mask?: string;
  objectives?: string[];
  gradientOut?: string;
  backend: string;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  $ winnow objective --model resnet8 --weights weights.safetensors --dataset tensor-file:batch.safetensors
  $ winnow objective --model resnet8 --weights weights.safetensors --mask mask.safetensors \\
      --dataset tensor-file:batch.safetensors --objectives kl,loss --gradient-out gradient.safetensors --json`;

export async function objectiveCommand({ plugins }: CommandContext): Promise<Command> {
  const command = new Command('objective').addHelpText('after', EXAMPLES);
  const registry = await loadRegistry(plugins);
  command
    .option('--model <name>', 'network', 'resnet20')
    .requiredOption(
      '--weights <file>',
      'safetensors in PyTorch layout, with the names of this network',
    )
    .requiredOption('--dataset <name[:value]>', 'its training images, all as one batch')
    .option('--mask <file>', 'a ticket, or safetensors with values in [0, 1] (default: all ones)')
    .option(
      '--objectives <names>',
      'separated by commas (default: all that go with the network)',
      list(String),
    )
    .option(
      '--gradient-out <file>',
      'write ∂R/∂mask for each prunable weight as OBJECTIVE.PARAMETER',
    )
    .option('--json', 'print JSON');
  withPlugins(withBackend(command));
  const componentOptions = addComponentOptions(command, registry, [
    'objective',
    'model',
    'dataset',
  ]);

  return command.action(async (flags: ObjectiveFlags) => {
    const { objectiveValues } = await import('../objective-values.ts');
    const { values, skipped, batch, density } = await objectiveValues(
      { ...flags, options: componentOptions(flags) },
      registry,
    );
    if (flags.json) return writeJson({ objectives: values, skipped, batch, density });
    process.stdout.write(`${batch} images, density ${density.toPrecision(4)}\n`);
    for (const [name, value] of Object.entries(values)) {
      process.stdout.write(`${name.padEnd(16)} ${value?.toPrecision(6) ?? 'not finite'}\n`);
    }
    for (const { objective, reason } of skipped)
      process.stdout.write(`${objective.padEnd(16)} left out: ${reason}\n`);
  });
}
