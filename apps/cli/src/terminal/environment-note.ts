import type { RunEvent } from '@winnow/plugin-api';

/** How what else has no name of its own is called. */
const CALLED: Readonly<Record<string, string>> = {
  searchRoad: 'search by',
  trainingRoad: 'training by',
  evaluationRoad: 'evaluation by',
};

/** An instruction set is the native engine's. */
function told(name: string, now: string, before: string): string {
  if (name === 'instructions' && now === 'none') return `no native engine (before: ${before})`;
  return `${CALLED[name] ?? name} ${now} (before: ${before})`;
}

/** Of a run that is gone on with by something else than before, whose numbers may therefore differ from here on. */
export function environmentNote({
  changes,
}: Extract<RunEvent, { readonly type: 'environment' }>): string {
  const all = changes
    // A library comes and goes with its backend, which is told.
    .filter(({ name, before, now }) => name !== 'tensorflow' || ![before, now].includes('none'))
    .map(({ name, before, now }) => told(name, now, before));
  return `note: this run goes on with ${all.join(', ')}; it may end with other numbers than without the change. Its result tells of both.\n`;
}
