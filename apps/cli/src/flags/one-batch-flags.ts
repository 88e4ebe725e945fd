import type { Command } from 'commander';

/** Flags of every command that looks at a network on one batch. */
export interface OneBatchFlags {
  readonly model: string;
  readonly weights: string;
  readonly dataset: string;
}

export function withOneBatch(command: Command): Command {
  return command
    .option('--model <name>', 'network', 'resnet20')
    .requiredOption(
      '--weights <file>',
      'safetensors in PyTorch layout, with the names of this network',
    )
    .requiredOption('--dataset <name[:value]>', 'its training images, all as one batch');
}
