import type { RunFolder } from '@winnow/experiments';
import { isWinnowError } from '@winnow/plugin-api';
import { KEPT, type Kept, type StudyFile } from './study-file.ts';

/** Where each lies in a run's folder. */
const PLACES: Readonly<Record<Kept, string>> = {
  start: 'start.safetensors',
  scores: 'scores.safetensors',
  ticket: 'ticket.safetensors',
  rounds: 'rounds',
  weights: 'weights.safetensors',
  metrics: 'metrics.jsonl',
};

const isThere = async ({ store }: RunFolder, place: string) =>
  (await store.has(place)) || (await store.list(place)).length > 0;

/** What is kept beside the results. */
export const keptOf = ({ keep = 'all' }: StudyFile): readonly Kept[] =>
  keep === 'all' ? KEPT : keep;

/** What of a run's folder is not to be kept, and is there. */
export async function superfluous(
  folder: RunFolder,
  keep: readonly Kept[],
): Promise<readonly string[]> {
  const places = KEPT.filter((kept) => !keep.includes(kept)).map((kept) => PLACES[kept]);
  const there = await Promise.all(places.map((place) => isThere(folder, place)));
  return places.filter((_, i) => there[i]);
}

/** Removes that of a run with a result and the page that tells of all, unless another process works there. */
export async function keepOnly(folder: RunFolder, keep: readonly Kept[]): Promise<void> {
  const places = await superfluous(folder, keep);
  const isOver = (await folder.readResult()) && (await folder.store.has('report.html'));
  if (places.length === 0 || !isOver) return;
  try {
    await folder.hold(async ({ store }) => {
      for (const place of places) await store.remove(place);
    });
  } catch (error) {
    if (!isWinnowError(error) || error.code !== 'RUN_IN_USE') throw error;
  }
}
