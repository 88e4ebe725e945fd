import { assertNothingLost, placeOfData, weightScores } from '@winnow/experiments';
import { ComponentRegistry } from '@winnow/plugin-api';
import { Command, Option } from 'commander';
import { handler } from '../composition/handler.ts';
import { CONSOLE, OPEN_DATASET, REGISTRY } from '../composition/tokens.ts';
import { withBackend, withPlugins } from '../flags/common-flags.ts';
import { addComponentOptions } from '../flags/component-options.ts';
import { type OneBatchFlags, withOneBatch } from '../flags/one-batch-flags.ts';
import { parseWhole } from '../flags/option-parsers.ts';
import { parseDensity } from '../flags/parse-density.ts';
import { type PruningFlags, withPruning } from '../flags/pruning-flags.ts';
import { print, printJson } from '../terminal/console.ts';
import type { CommandContext } from './command-context.ts';

interface ScoreFlags extends OneBatchFlags, PruningFlags, Record<string, unknown> {
  method: string;
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

export async function scoreCommand(context: CommandContext): Promise<Command> {
  const catalogue = await context.catalogue();
  const scorers = catalogue.all('pruner').filter((pruner) => pruner.scoring !== undefined);
  const method = new Option('--method <name>', 'whose scores')
    .choices(scorers.map(({ name }) => name))
    .makeOptionMandatory();
  const command = withOneBatch(new Command('score').addOption(method))
    .addHelpText('after', EXAMPLES)
    .requiredOption('--density <κ>', 'fraction of the prunable weights to keep', parseDensity)
    .option('--seed <n>', 'of what is drawn', parseWhole, 0)
    .requiredOption('--out <file>', 'safetensors: scores by parameter name, mask.NAME')
    .option('--json', 'print JSON');
  withPlugins(withBackend(withPruning(command)));
  const others = (['objective', 'model', 'dataset'] as const).flatMap((k) => catalogue.all(k));
  const options = addComponentOptions(command, new ComponentRegistry([...scorers, ...others]));
  const score = handler([REGISTRY, CONSOLE, OPEN_DATASET], (registry, console, open) => {
    return async (flags: ScoreFlags) => {
      const { layerDensity: layerDensities, json } = flags;
      const request = { ...flags, layerDensities, options: options(flags) };
      assertNothingLost('--out', flags.out, [flags.weights, placeOfData(flags.dataset)]);
      const result = await weightScores(request, registry, open);
      const { method: name, images, kept, size, out } = result;
      if (json) return printJson(console, result);
      print(
        console,
        `${name} on ${images} images keeps ${kept} of ${size} weights; scores and mask: ${out}`,
      );
    };
  });
  return command.action(context.action(score));
}
