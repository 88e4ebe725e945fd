import { densityText } from '@winnow/report';

/** A run with what its ticket notes. */
interface NotedRun {
  readonly label: string;
  readonly density: number;
  readonly seed: number;
  readonly notes?: readonly string[] | undefined;
}

/** A sentence for each thing that tickets note: which runs' do. Its numbers, behind a colon, are for the pages of the runs. */
export function ticketNotes(runs: readonly NotedRun[]): string[] {
  const noted = new Map<string, Map<string, Set<number>>>();
  for (const { label, density, seed, notes = [] } of runs) {
    for (const note of notes) {
      const what = note.split(': ')[0]!;
      const means = noted.get(what) ?? new Map<string, Set<number>>();
      const mean = `${label} at ${densityText(density)}`;
      noted.set(what, means.set(mean, (means.get(mean) ?? new Set()).add(seed)));
    }
  }
  return [...noted].map(([what, means]) => {
    const which = [...means].map(([mean, seeds]) => {
      const own = [...seeds].sort((a, b) => a - b);
      return `${mean}, ${own.length === 1 ? 'seed' : 'seeds'} ${own.join(', ')}`;
    });
    return `${what[0]!.toUpperCase()}${what.slice(1)}: ${which.join('; ')}.`;
  });
}
