import { checkData, recognizeDataset } from '@winnow/datasets';
import { chosenDataset } from '@winnow/experiments';
import { Command } from 'commander';
import { handler } from '../composition/handler.ts';
import { CLOCK, CONSOLE, INTERRUPTION, OPEN_DATASET, REGISTRY } from '../composition/tokens.ts';
import { withPlugins } from '../flags/common-flags.ts';
import { addComponentOptions } from '../flags/component-options.ts';
import { print, printJson } from '../terminal/console.ts';
import { ProgressLine } from '../terminal/progress-line.ts';
import { badData, dataFacts, dataLines } from '../terminal/tell-data.ts';
import type { CommandContext } from './command-context.ts';

type VerifyFlags = { json?: boolean } & Record<string, unknown>;

const EXAMPLES = `
Examples:
  $ winnow data verify photos
  $ winnow data verify data/tiny-imagenet-200
  $ winnow data verify parquet data/mine --label-column fine_label --json`;

export async function dataVerifyCommand(context: CommandContext): Promise<Command> {
  const command = new Command('verify')
    .argument(
      '<name or dir>',
      'a data set, or the folder (or file) of one, recognised by its files',
    )
    .argument('[dir]', 'its folder (or file), after a name')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES);
  const given = addComponentOptions(withPlugins(command), await context.catalogue(), ['dataset']);
  const needs = [REGISTRY, CONSOLE, CLOCK, INTERRUPTION, OPEN_DATASET] as const;
  const verify = handler(needs, (registry, console, clock, interruption, open) => {
    return async (first: string, second: string | undefined, flags: VerifyFlags) => {
      const comes = second === undefined && registry.names('dataset').includes(first);
      const name = second === undefined && !comes ? recognizeDataset(first) : first;
      const choice = comes ? name : `${name}:${second ?? first}`;
      const { descriptor, options } = chosenDataset(choice, given(flags), registry);
      const line = new ProgressLine(console.notes, clock);
      const show = (done: number, of: number) => line.show(`${done} of ${of} images`);
      const check = await interruption(
        (signal) => checkData(descriptor, options, { signal, onProgress: show, clock, open }),
        'Stopping',
      ).finally(() => line.end());
      const { classes, problems, path = name } = check;
      if (flags.json) printJson(console, { ...dataFacts(name, check), classes, problems });
      else print(console, ...dataLines(name, check));
      if (problems.length > 0) throw badData(path, problems);
    };
  });
  return command.action(context.action(verify));
}
