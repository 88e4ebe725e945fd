import { assertNothingLost, objectiveValues, placeOfData } from '@winnow/experiments';
import { Command } from 'commander';
import { handler } from '../composition/handler.ts';
import { CONSOLE, OPEN_DATASET, REGISTRY } from '../composition/tokens.ts';
import { withBackend, withPlugins } from '../flags/common-flags.ts';
import { addComponentOptions } from '../flags/component-options.ts';
import { type OneBatchFlags, withOneBatch } from '../flags/one-batch-flags.ts';
import { list } from '../flags/option-parsers.ts';
import { print, printJson } from '../terminal/console.ts';
import { objectiveLines } from '../terminal/tell-objectives.ts';
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
  const evaluate = handler([REGISTRY, CONSOLE, OPEN_DATASET], (registry, console, open) => {
    return async (flags: ObjectiveFlags) => {
      const { gradientOut, weights, mask } = flags;
      if (gradientOut !== undefined)
        assertNothingLost('--gradient-out', gradientOut, [
          weights,
          mask,
          placeOfData(flags.dataset),
        ]);
      const found = await objectiveValues({ ...flags, options: options(flags) }, registry, open);
      const { values: objectives, skipped, batch, density } = found;
      if (flags.json) printJson(console, { objectives, skipped, batch, density });
      else print(console, ...objectiveLines(found));
    };
  });
  return command.action(context.action(evaluate));
}
