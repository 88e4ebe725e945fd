import { OptionPool, reopenDataset, startChosenBackend } from '@winnow/experiments';
import { optionFields } from '@winnow/plugin-api';
import { compareRuns, givenRuns, planComparison, writeComparison } from '@winnow/studies';
import { Command } from 'commander';
import { handler } from '../composition/handler.ts';
import * as tokens from '../composition/tokens.ts';
import { versions } from '../composition/version.ts';
import {
  type ComparisonFlags,
  OF_GIVEN_RUNS,
  newComparison,
  withComparison,
} from '../flags/comparison-flags.ts';
import { addComponentOptions } from '../flags/component-options.ts';
import { refuseFlagsOfNewRuns } from '../flags/flags-of-new-runs.ts';
import { print, printJson } from '../terminal/console.ts';
import { showStudy } from '../terminal/show-study.ts';
import { reportLines } from '../terminal/terminal-table.ts';
import type { CommandContext } from './command-context.ts';

export async function compareCommand(context: CommandContext): Promise<Command> {
  const command = withComparison(new Command('compare'));
  const catalogue = await context.catalogue();
  const componentOptions = addComponentOptions(command, catalogue);
  const ofObjectives = catalogue.all('objective').flatMap(({ options }) => optionFields(options));
  const ofRuns = new Set([...OF_GIVEN_RUNS, ...ofObjectives.map(({ name }) => name)]);

  const compare = handler(
    [tokens.REGISTRY, tokens.RUNS, tokens.CONSOLE, tokens.INTERRUPTION, tokens.EXECUTOR],
    (registry, given, console, interruption, execute) => {
      return async (_paths: string[], flags: ComparisonFlags) => {
        const { parallel, images, out, json } = flags;
        const options = componentOptions(flags);
        const pool = new OptionPool(options);
        const names = flags.objectives ?? registry.names('objective');
        const objectives = names.map((name) => pool.objective(registry, name));
        if (given.length > 0) pool.assertAllTaken();
        const backend = await startChosenBackend(flags.backend, registry);
        const { runs, dataset } =
          given.length > 0
            ? {
                runs: given.map((run) => ({ name: run.folder.path, ...run })),
                dataset: await reopenDataset(given[0]!.config, registry),
              }
            : await planComparison(
                {
                  ...newComparison(flags),
                  options,
                  compared: objectives,
                  backend,
                  plugins: registry.plugins,
                  versions: versions(),
                },
                registry,
              );
        const named = flags.objectives !== undefined;
        const plugins = registry.plugins.map(({ specifier }) => specifier);
        const setting = {
          registry,
          dataset,
          backend,
          objectives,
          named,
          images,
          parallel,
          plugins,
        };
        const signal = interruption();
        const comparison = await showStudy(console.notes, json, (onEvent) =>
          compareRuns(runs, { ...setting, signal, execute, versions: versions(), onEvent }),
        );
        const text = await writeComparison(comparison, out);
        if (json) printJson(console, comparison);
        else print(console, ...reportLines(text));
      };
    },
  );
  return command.action(
    context.action(compare, async (paths) => {
      if (paths.length === 0) return [];
      refuseFlagsOfNewRuns(command, ofRuns);
      return givenRuns(paths);
    }),
  );
}
