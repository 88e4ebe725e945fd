import type { RunConfig } from '@winnow/experiments';

/** Programs, such as `node`, of which not all runs have had the same version. */
function differing(configs: readonly RunConfig[]): string[] {
  const programs = new Set(configs.flatMap(({ versions }) => Object.keys(versions)));
  return [...programs].filter(
    (program) => new Set(configs.map(({ versions }) => versions[program])).size > 1,
  );
}

const versionOf = ({ versions }: RunConfig, program: string) => versions[program] ?? 'none';

/** Each run's versions of what not all runs have had the same version of: "node 22.1.0, winnow 0.1.0"; nothing where there is none. */
export function differingVersions(configs: readonly RunConfig[]): string[] | undefined {
  const programs = differing(configs);
  if (programs.length === 0) return undefined;
  return configs.map((config) =>
    programs.map((program) => `${program} ${versionOf(config, program)}`).join(', '),
  );
}

/** A sentence for each program of which not all runs have had the same version: which rows had which. */
export function versionNotes(configs: readonly RunConfig[], labels: readonly string[]): string[] {
  return differing(configs).map((program) => {
    const rows = new Map<string, Set<string>>();
    const versionsOf = new Map<string, Set<string>>();
    const add = (to: Map<string, Set<string>>, key: string, value: string) =>
      to.set(key, (to.get(key) ?? new Set()).add(value));
    configs.forEach((config, i) => {
      add(rows, versionOf(config, program), labels[i]!);
      add(versionsOf, labels[i]!, versionOf(config, program));
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
