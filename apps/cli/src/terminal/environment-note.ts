import type { RunEvent } from '@winnow/plugin-api';

/** Of a run that is gone on with by something else than before, whose numbers may therefore differ from here on. */
export function environmentNote({
  changes,
}: Extract<RunEvent, { readonly type: 'environment' }>): string {
  const all = changes.map(({ name, before, now }) => `${name} ${now} (before: ${before})`);
  return `note: this run goes on with ${all.join(', ')}; it may end with other numbers than without the change. Its result tells of both.\n`;
}
