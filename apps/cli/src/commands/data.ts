import { Command } from 'commander';
import { type CommandTable, addCommands } from './add-commands.ts';
import type { CommandContext } from './command-context.ts';

const EXAMPLES = `
Examples:
  $ winnow data fetch cifar10 --data-dir data
  $ winnow data verify data/cifar-10-batches-bin
  $ winnow data bench --dataset image-folder:photos`;

const commands: CommandTable = {
  fetch: {
    summary: 'download a data set from its official place, check it, and unpack it',
    build: async () => (await import('./data-fetch.ts')).dataFetchCommand,
  },
  verify: {
    summary: 'read every image of a data set, check labels and checksums, and name what is bad',
    build: async () => (await import('./data-verify.ts')).dataVerifyCommand,
  },
  bench: {
    summary:
      'read the training images epoch by epoch as training does: how fast, and in how much memory',
    build: async () => (await import('./data-bench.ts')).dataBenchCommand,
  },
};

export async function dataCommand(context: CommandContext): Promise<Command> {
  const command = new Command('data').addHelpText('after', EXAMPLES);
  await addCommands(command, commands, context);
  return command;
}
