import { type BenchRequest, runBench } from '@winnow/experiments';
import { WinnowError } from '@winnow/plugin-api';
import { mostThreads } from '@winnow/tensor-backend/node';
import { Command, Option } from 'commander';
import { handler } from '../composition/handler.ts';
import { CLOCK, CONSOLE, REGISTRY } from '../composition/tokens.ts';
import { withBackend, withPlugins } from '../flags/common-flags.ts';
import { addComponentOptions } from '../flags/component-options.ts';
import { parsePositive, parseWhole, wholeFrom } from '../flags/option-parsers.ts';
import { parseDensity } from '../flags/parse-density.ts';
import { print, printJson } from '../terminal/console.ts';
import { benchLines } from '../terminal/tell-bench.ts';
import type { CommandContext } from './command-context.ts';

interface BenchFlags extends Omit<BenchRequest, 'options'>, Record<string, unknown> {
  readonly threads?: number;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ winnow bench
  $ winnow bench --model vgg16 --batch 64 --threads 2 --json
  $ winnow bench --model resnet50 --image-size 224 --batch 4 --steps 2
  $ winnow bench --mode masked --ticket runs/first/ticket.safetensors
  $ winnow bench --mode cts --objective gradient-match --threads 1
  $ winnow bench --mode cts --density 0.0074 --backend wasm --profile`;

/** What only some modes make use of. */
const USED_IN: Readonly<Record<string, readonly string[]>> = {
  density: ['masked', 'cts'],
  objective: ['cts'],
};

/** Throws OPTION_NOT_USED of what was typed. */
function assertUsed(command: Command, mode: string): void {
  for (const [name, modes] of Object.entries(USED_IN)) {
    if (modes.includes(mode) || command.getOptionValueSource(name) !== 'cli') continue;
    throw new WinnowError('OPTION_NOT_USED', `Steps of "${mode}" have no use for --${name}.`, {
      hint: `Give --mode ${modes.join(' or --mode ')}, or leave it out.`,
    });
  }
}

export async function benchCommand(context: CommandContext): Promise<Command> {
  const command = new Command('bench')
    .option('--model <name>', 'network', 'resnet20')
    .option('--batch <images>', 'images a step', parsePositive, 128)
    .option('--image-size <pixels>', 'height and width of the images', parsePositive, 32)
    .option('--channels <number>', 'of the images', parsePositive, 3)
    .option('--classes <number>', 'outputs of the network', wholeFrom(2, 1_000_000), 10)
    .option(
      '--mode <mode>',
      'train: a dense SGD step; masked: under a fixed mask; cts: a step of the search; hessian: a Hessian-vector product; forward: logits alone',
      'train',
    )
    .option('--objective <name>', 'of the search in cts', 'kl')
    .option('--density <fraction>', 'of the random mask in masked, of cts', parseDensity, 0.0074)
    .addOption(
      new Option(
        '--ticket <file>',
        'in masked and forward the mask of a ticket, whose model and shapes must be those given here',
      ).conflicts('density'),
    )
    .option(
      '--threads <count>',
      'of native and tensorflow (default: WINNOW_THREADS, or as many as cores)',
      wholeFrom(1, mostThreads()),
    )
    .option('--steps <count>', 'steps to time, after one to warm up', wholeFrom(1, 1_000_000), 6)
    .option('--seed <number>', 'of images, weights and masks', parseWhole, 0)
    .option('--profile', 'tell also what each op takes')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES);
  withPlugins(withBackend(command));
  const options = addComponentOptions(command, await context.catalogue(), ['model', 'objective']);
  const bench = handler([REGISTRY, CONSOLE, CLOCK], (registry, console, clock) => {
    return async (flags: BenchFlags) => {
      assertUsed(command, flags.mode);
      // The engine reads it when it is loaded.
      if (flags.threads !== undefined) process.env['WINNOW_THREADS'] = String(flags.threads);
      const result = await runBench({ ...flags, options: options(flags) }, registry, clock);
      if (flags.json) printJson(console, result);
      else print(console, ...benchLines(result));
    };
  });
  return command.action(context.action(bench));
}
