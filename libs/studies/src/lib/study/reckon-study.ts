import {
  type ReckonedMs,
  type Speed,
  canonicalJson,
  reckonRun,
  speedHere,
  startChosenBackend,
} from '@winnow/experiments';
import type { ComponentRegistry } from '@winnow/plugin-api';
import type { Sharing } from '../share/shared-runs.ts';
import type { StudyRun } from './plan-study.ts';

/** Runs of the same one are told by one measurement. */
const speedKey = ({ config: { model, dataset, recipe, leaveOut, backend } }: StudyRun) =>
  canonicalJson([model, dataset, recipe.batchSize, recipe.name, leaveOut, backend])!;

/** Of one network: the run whose density is in the middle. */
function typical(runs: readonly StudyRun[]): StudyRun {
  const sorted = [...runs].sort((a, b) => a.config.density - b.config.density);
  return sorted[Math.floor(sorted.length / 2)]!;
}

/** What is left of a run without what it has already, or takes from others. */
export async function msLeft(
  { folder }: StudyRun,
  { start, ticket, rounds }: Sharing,
  { pretrain, search, train }: ReckonedMs,
): Promise<number> {
  const hasStart = start !== undefined || (await folder.has('start'));
  const hasTicket = (ticket ?? rounds) !== undefined || (await folder.has('ticket'));
  return (hasStart ? 0 : pretrain) + (hasTicket ? 0 : search) + train;
}

/**
 * About how many minutes what is left of runs takes one process here, what they share done once, by steps measured now;
 * undefined where a step takes too long to be measured. Throws BACKEND_UNAVAILABLE, INTERRUPTED.
 */
export async function reckonStudy(
  left: readonly StudyRun[],
  sharing: ReadonlyMap<StudyRun, Sharing>,
  registry: ComponentRegistry,
  signal: AbortSignal,
): Promise<number | undefined> {
  const groups = new Map<string, StudyRun[]>();
  for (const run of left) {
    const key = speedKey(run);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  let ms = 0;
  for (const runs of groups.values()) {
    const { config, dataset } = typical(runs);
    await startChosenBackend(config.backend, registry);
    const speed: Speed = await speedHere(config, dataset, registry, signal);
    for (const run of runs) {
      const reckoned = reckonRun(run.config, run.dataset, speed, registry);
      if (!reckoned) return undefined;
      ms += await msLeft(run, sharing.get(run)!, reckoned);
    }
  }
  return ms / 60_000;
}
