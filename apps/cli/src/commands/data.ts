import { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { dataBenchCommand } from './data-bench.ts';
import { dataFetchCommand } from './data-fetch.ts';
import { dataVerifyCommand } from './data-verify.ts';

const EXAMPLES = `
Examples:
  $ winnow data fetch cifar10 --data-dir data
  $ winnow data verify data/cifar-10-batches-bin
  $ winnow data bench --dataset image-folder:photos`;

export async function dataCommand(context: CommandContext): Promise<Command> {
  const command = new Command('data')
    .description('download data sets, check them, and measure how fast they are read')
    .addHelpText('after', EXAMPLES);
  if (!context.wanted) return command;
  const commands = [
    dataFetchCommand(),
    await dataVerifyCommand(context),
    await dataBenchCommand(context),
  ];
  for (const each of commands) command.addCommand(each.copyInheritedSettings(command));
  return command;
}
