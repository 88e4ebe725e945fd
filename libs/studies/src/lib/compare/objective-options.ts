import { canonicalJson, recordComponent } from '@winnow/experiments';
import type { Objective } from '@winnow/plugin-api';
import type { NamedRun } from '../execute/named-run.ts';
import { settingText } from '../tidy/run-settings.ts';

const searchedBy = (runs: readonly NamedRun[], objective: string) =>
  runs.flatMap(({ config }) => (config.objective?.name === objective ? [config.objective] : []));

/**
 * An objective with the options of all runs that were searched by it; with its defaults where these differ, or it takes them
 * no more.
 */
export function configuredAsIn(runs: readonly NamedRun[], objective: Objective): Objective {
  const searched = searchedBy(runs, objective.name);
  const given = new Map(searched.map((one) => [canonicalJson(one.options), one.given]));
  const [own = {}, ...others] = given.values();
  const isTaken = others.length === 0 && objective.options.safeParse(own).success;
  return objective.configure(isTaken ? own : {});
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
        ? `; the search of ${[...new Set(others)].join(', ')} had other options`
        : '';
    return [`"${name}" is evaluated with ${told.join(', ')}${beside}.`];
  });
}
