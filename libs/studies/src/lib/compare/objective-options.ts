import { canonicalJson, recordComponent } from '@winnow/experiments';
import type { GivenOptions, Objective } from '@winnow/plugin-api';
import type { NamedRun } from '../execute/named-run.ts';
import { settingText } from '../tidy/run-settings.ts';

const searchedBy = (runs: readonly NamedRun[], objective: string) =>
  runs.flatMap(({ config }) => (config.objective?.name === objective ? [config.objective] : []));

/** The options of an objective that all runs which were searched by it have had; none where they differ. */
export function optionsOfRuns(runs: readonly NamedRun[], objective: string): GivenOptions {
  const given = new Map(
    searchedBy(runs, objective).map((one) => [canonicalJson(one.options), one.given]),
  );
  return given.size === 1 ? [...given.values()][0]! : {};
}

/** Of each objective that has options, with which ones it is evaluated, and which runs were searched by it with others. */
export function optionNotes(
  objectives: readonly Objective[],
  runs: readonly NamedRun[],
  labels: readonly string[],
): string[] {
  return objectives.flatMap((objective) => {
    const { name, options } = recordComponent(objective, objective.given);
    const told = Object.entries(options).map(([key, value]) => `${key} ${settingText(value)}`);
    if (told.length === 0) return [];
    const own = canonicalJson(options);
    const others = labels.filter((_, i) =>
      searchedBy([runs[i]!], name).some((one) => canonicalJson(one.options) !== own),
    );
    const beside =
      others.length > 0
        ? `, with others than in the search of ${[...new Set(others)].join(', ')}`
        : '';
    return [`"${name}" is evaluated with ${told.join(', ')}${beside}.`];
  });
}
