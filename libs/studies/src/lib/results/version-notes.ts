import { type ToldRun, inTurn, programsIn, valuesIn } from './told-run.ts';

const versionsIn = (run: ToldRun, program: string) =>
  valuesIn(run, program).map((version) => version ?? 'none');

/** Programs, such as `node`, of which not all runs have had the same version all the time. */
function differing(runs: readonly ToldRun[]): string[] {
  const programs = new Set(runs.flatMap(programsIn));
  return [...programs].filter(
    (program) => new Set(runs.flatMap((run) => versionsIn(run, program))).size > 1,
  );
}

export const versionOf = (run: ToldRun, program: string) => inTurn(versionsIn(run, program));

/** Each run's versions of what not all runs have had the same version of: "node 20.19.0 then 22.1.0, winnow 0.1.0"; nothing where there is none. */
export function differingVersions(runs: readonly ToldRun[]): string[] | undefined {
  const programs = differing(runs);
  if (programs.length === 0) return undefined;
  return runs.map((run) =>
    programs.map((program) => `${program} ${versionOf(run, program)}`).join(', '),
  );
}

/** A sentence for each program of which not all runs have had the same version: which rows had which. */
export function versionNotes(runs: readonly ToldRun[], labels: readonly string[]): string[] {
  return differing(runs).map((program) => {
    const rows = new Map<string, Set<string>>();
    const versionsOf = new Map<string, Set<string>>();
    const add = (to: Map<string, Set<string>>, key: string, value: string) =>
      to.set(key, (to.get(key) ?? new Set()).add(value));
    runs.forEach((run, i) => {
      add(rows, versionOf(run, program), labels[i]!);
      add(versionsOf, labels[i]!, versionOf(run, program));
    });
    const groups = [...rows].map(([version, own]) => {
      const named = [...own].map((label) =>
        versionsOf.get(label)!.size > 1 ? `${label} in part` : label,
      );
      return `${version} in ${named.join(', ')}`;
    });
    return `Not all runs are of one version of ${program}: ${groups.join('; ')}.`;
  });
}
