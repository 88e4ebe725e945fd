import { type IndexedRun, type RunFilter, indexRuns } from '@winnow/studies';
import { Argument, Command } from 'commander';
import { whereOption } from '../flags/where-option.ts';
import { print, printJson } from '../terminal/console.ts';
import { indexTable } from '../terminal/tell-index.ts';
import type { CommandContext } from './command-context.ts';

interface ListRunsFlags {
  where?: readonly RunFilter[];
  json?: boolean;
}

const EXAMPLES = `
Examples:
  $ winnow list runs
  $ winnow list runs study.yaml
  $ winnow list runs runs/quickstart --where method=cts
  $ winnow list runs --where state=failed,begun --json`;

const asJson = ({ folder, state, settings, testAccuracy, reason }: IndexedRun) => ({
  folder,
  state,
  ...Object.fromEntries(settings),
  testAccuracy: testAccuracy ?? null,
  reason: reason ?? null,
});

const none = (place: string, isFiltered: boolean) =>
  isFiltered ? `No run in ${place} is as --where says.` : `There is no run in ${place}.`;

/** `winnow list runs`. Of folders it composes nothing, as `winnow list`. */
export function listRunsCommand(context: CommandContext): Command {
  const { console } = context;
  return new Command('list')
    .usage('runs [options] [runs...]')
    .addArgument(new Argument('<kind>').choices(['runs']))
    .argument('[runs...]', 'run folders, or folders around them, or files of studies (.yaml)', [
      'runs',
    ])
    .addOption(whereOption())
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (_: string, folders: string[], { where = [], json }: ListRunsFlags) => {
      const runs = await indexRuns(await context.runFolders(folders), where);
      if (json) printJson(console, runs.map(asJson));
      else if (runs.length === 0) print(console, none(folders.join(', '), where.length > 0));
      else console.out.write(indexTable(runs));
    });
}
