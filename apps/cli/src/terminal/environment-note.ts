import type { RunEvent } from '@winnow/plugin-api';

/** How what else has no name of its own is called. */
const CALLED: Readonly<Record<string, string>> = {
  searchRoad: 'search by',
  trainingRoad: 'training by',
  evaluationRoad: 'evaluation by',
};

/** Of a run that is gone on with by something else than before, whose numbers may therefore differ from here on. */
export function environmentNote({
  changes,
}: Extract<RunEvent, { readonly type: 'environment' }>): string {
  const all = changes.map(
    ({ name, before, now }) => `${CALLED[name] ?? name} ${now} (before: ${before})`,
  );
  return `note: this run goes on with ${all.join(', ')}; it may end with other numbers than without the change. Its result tells of both.\n`;
}
