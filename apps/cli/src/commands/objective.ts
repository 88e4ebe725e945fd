import { type ObjectivesOnOneBatch, objectiveValues } from '@winnow/experiments';
import { Command } from 'commander';
import { handler } from '../composition/handler.ts';
import { CONSOLE, REGISTRY } from '../composition/tokens.ts';
import { withBackend, withPlugins } from '../flags/common-flags.ts';
import { addComponentOptions } from '../flags/component-options.ts';
import { type OneBatchFlags, withOneBatch } from '../flags/one-batch-flags.ts';
import { list } from '../flags/option-parsers.ts';
import { print, printJson } from '../terminal/console.ts';
import type { CommandContext } from './command-context.ts';

interface ObjectiveFlags extends OneBatchFlags, Record<string, unknown> {
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

function valueLines({ values, skipped, batch, density }: ObjectivesOnOneBatch): string[] {
  return [
    `${batch} images, density ${density.toPrecision(4)}`,
    ...Object.entries(values).map(
      ([name, value]) => `${name.padEnd(16)} ${value?.toPrecision(6) ?? 'not finite'}`,
    ),
    ...skipped.map(({ objective, reason }) => `${objective.padEnd(16)} left out: ${reason}`),
  ];
}

export async function objectiveCommand(context: CommandContext): Promise<Command> {
  const command = withOneBatch(new Command('objective'))
    .addHelpText('after', EXAMPLES)
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
  const kinds = ['objective', 'model', 'dataset'] as const;
  const options = addComponentOptions(command, await context.catalogue(), kinds);
  const evaluate = handler([REGISTRY, CONSOLE], (registry, console) => {
    return async (flags: ObjectiveFlags) => {
      const found = await objectiveValues({ ...flags, options: options(flags) }, registry);
      const { values: objectives, skipped, batch, density } = found;
      if (flags.json) printJson(console, { objectives, skipped, batch, density });
      else print(console, ...valueLines(found));
    };
  });
  return command.action(context.action(evaluate));
}
