import {
  type Environment,
  OF_NO_PROGRAM,
  type RunConfig,
  type RunFolder,
} from '@winnow/experiments';

/** What a run is, and what made its numbers, in order; nothing where it has none yet, or where that is not known. */
export interface ToldRun {
  readonly config: RunConfig;
  readonly environments?: readonly Environment[] | undefined;
}

/** The same of runs as their folders have it. Throws what reading a file of a run does. */
export function toldRuns(
  runs: readonly { readonly folder: RunFolder; readonly config: RunConfig }[],
): Promise<ToldRun[]> {
  return Promise.all(
    runs.map(async ({ folder, config }) => ({
      config,
      environments: await folder.readEnvironments(),
    })),
  );
}

/** Where no record of it is left, what the run was begun by. */
export const madeBy = ({ config, environments = [] }: ToldRun): readonly Environment[] =>
  environments.length > 0 ? environments : [config.versions];

/** What of this name made a run's numbers, each time that it became another one. */
export function valuesIn(run: ToldRun, name: string): (string | undefined)[] {
  const values = madeBy(run).map((environment) => environment[name]);
  return values.filter((value, i) => i === 0 || value !== values[i - 1]);
}

export const INSTRUCTIONS = 'instructions';

/** The native engine's instruction sets; none on another backend. */
export function instructionSets(run: ToldRun): string[] {
  return valuesIn(run, INSTRUCTIONS).filter((value) => value !== undefined);
}

/** What else environments hold: the names of programs that they have the versions of. */
export function programsIn(run: ToldRun): string[] {
  const names = madeBy(run).flatMap((environment) => Object.keys(environment));
  return [...new Set(names)].filter((name) => !OF_NO_PROGRAM.some((other) => other === name));
}

/** "avx2 then avx512" */
export const inTurn = (values: readonly string[]) => values.join(' then ');
