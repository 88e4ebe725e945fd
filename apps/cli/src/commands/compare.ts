import { assertNoRun, startChosenBackend } from '@winnow/experiments';
import { optionFields } from '@winnow/plugin-api';
import {
  compareRuns,
  comparedAgain,
  comparedAnew,
  givenRuns,
  writeComparison,
} from '@winnow/studies';
import { Command } from 'commander';
import { handler } from '../composition/handler.ts';
import * as tokens from '../composition/tokens.ts';
import { versions } from '../composition/version.ts';
import * as flagsOf from '../flags/comparison-flags.ts';
import { addComponentOptions } from '../flags/component-options.ts';
import { refuseFlagsOfNewRuns } from '../flags/flags-of-new-runs.ts';
import { print, printJson } from '../terminal/console.ts';
import { reportLines } from '../terminal/terminal-table.ts';
import type { CommandContext } from './command-context.ts';

const { REGISTRY, RUNS, PLUGIN_FILES, CONSOLE, OPEN_DATASET, STUDY } = tokens;
const needs = [REGISTRY, RUNS, PLUGIN_FILES, CONSOLE, OPEN_DATASET, STUDY] as const;

export async function compareCommand(context: CommandContext): Promise<Command> {
  const command = flagsOf.withComparison(new Command('compare'));
  const catalogue = await context.catalogue();
  const componentOptions = addComponentOptions(command, catalogue);
  const ofObjectives = catalogue.all('objective').flatMap((one) => optionFields(one.options));
  const known = [...flagsOf.OF_GIVEN_RUNS, ...ofObjectives.map(({ name }) => name)];

  const compare = handler(needs, (registry, given, plugins, console, open, study) => {
    return async (_paths: string[], flags: flagsOf.ComparisonFlags) => {
      const { parallel, images, out, objectives: names, json } = flags;
      assertNoRun('--out', out);
      const options = componentOptions(flags);
      const backend = await startChosenBackend(flags.backend, registry);
      const made = { versions: versions(), options, backend };
      const request = () => ({ ...flagsOf.newComparison(flags), ...made });
      const runs = given.map((run) => ({ name: run.folder.path, ...run }));
      const compared = await (runs.length > 0
        ? comparedAgain(runs, names, options, registry, open)
        : comparedAnew(request(), registry, open));
      const executorOptions = { parallel };
      const named = names !== undefined;
      const how = { registry, backend, named, images, executorOptions, plugins };
      const comparison = await study(json, (many) => compareRuns(compared, { ...how, ...many }));
      const text = await writeComparison(comparison, out);
      if (json) printJson(console, comparison);
      else print(console, ...reportLines(text));
    };
  });
  const runsOf = async (paths: string[]) => {
    if (paths.length > 0) refuseFlagsOfNewRuns(command, new Set(known));
    return paths.length > 0 ? givenRuns(paths) : [];
  };
  return command.action(context.action(compare, runsOf));
}
