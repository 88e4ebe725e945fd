import type { KernelTime } from '@winnow/tensor-backend';
import Table from 'cli-table3';
import { Command } from 'commander';
import {
  type CommandContext,
  loadRegistry,
  withBackend,
  withPlugins,
  writeJson,
} from '../command-context.ts';
import type { BenchRequest } from '../bench-run.ts';
import { addComponentOptions } from '../component-options.ts';
import { parseNumber, parsePositive, parseWhole } from '../option-parsers.ts';

interface BenchFlags extends Omit<BenchRequest, 'options'>, Record<string, unknown> {
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ winnow bench
  $ winnow bench --model vgg16 --batch 64 --threads 2 --json
  $ winnow bench --model resnet50 --image-size 224 --batch 4 --steps 2
  $ winnow bench --mode cts --objective gradient-match --threads 1
  $ winnow bench --mode cts --density 0.0074 --backend wasm --profile`;

/** Totals and shares are of one step. */
function profileTable(profile: readonly KernelTime[]): string {
  const total = profile.reduce((sum, { ms }) => sum + ms, 0);
  const table = new Table({
    head: ['op', 'calls', 'ms', 'share'],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'right', 'right', 'right'],
  });
  for (const { op, calls, ms } of profile) {
    table.push([op, calls, ms.toFixed(2), `${((100 * ms) / total).toFixed(1)} %`]);
  }
  return table.toString();
}

export async function benchCommand({ plugins }: CommandContext): Promise<Command> {
  const registry = await loadRegistry(plugins);
  const command = new Command('bench')
    .option('--model <name>', 'network', 'resnet20')
    .option('--batch <images>', 'images a step', parsePositive, 128)
    .option('--image-size <pixels>', 'height and width of the images', parsePositive, 32)
    .option(
      '--mode <mode>',
      'train: a dense SGD step; masked: under a random mask; cts: a step of the search; hessian: a Hessian-vector product; forward: logits alone',
      'train',
    )
    .option('--objective <name>', 'of the search in cts', 'kl')
    .option('--density <fraction>', 'of the mask in masked and cts', parseNumber, 0.0074)
    .option(
      '--threads <count>',
      'of the native backend (default: WINNOW_THREADS, or as many as cores)',
      parsePositive,
    )
    .option('--steps <count>', 'steps to time, after one to warm up', parsePositive, 6)
    .option('--seed <number>', 'of images, weights and masks', parseWhole, 0)
    .option('--profile', 'tell also what each op takes')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES);
  withPlugins(withBackend(command));
  const componentOptions = addComponentOptions(command, registry, ['objective']);
  return command.action(async (flags: BenchFlags) => {
    const { runBench } = await import('../bench-run.ts');
    const result = await runBench({ ...flags, options: componentOptions(flags) }, registry);
    if (flags.json) return writeJson(result);
    const { profile, ...facts } = result;
    const masked = facts.mode === 'masked' || facts.mode === 'cts';
    const lines = [
      [
        'step',
        `${[facts.mode, facts.objective].filter(Boolean).join(' on ')}, ${facts.model}, ${facts.batch} images of ${facts.imageSize}×${facts.imageSize}`,
      ],
      ...(masked ? [['density', `${facts.density}`]] : []),
      [
        'backend',
        `${facts.backend}, ${facts.threads} ${facts.threads === 1 ? 'thread' : 'threads'}`,
      ],
      ['median', `${facts.medianMs} ms of ${facts.steps} steps`],
      ['images', `${facts.imagesPerSecond} a second`],
      ['computed', `${facts.gmacs} billion multiply-adds a second`],
      ['peak memory', `${facts.peakRssMiB} MiB`],
    ] as const;
    for (const [name, value] of lines) process.stdout.write(`${name.padEnd(15)} ${value}\n`);
    if (profile) process.stdout.write(`A step, op by op:\n${profileTable(profile)}\n`);
  });
}
