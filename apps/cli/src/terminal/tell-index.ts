import { plainTable } from '@winnow/report';
import { type IndexedRun, settingText, varyingSettings } from '@winnow/studies';

/** A line a run: its state, what tells it from the others, and its accuracy or what is wrong. */
export function indexTable(runs: readonly IndexedRun[]): string {
  const readable = runs.filter(({ state }) => state !== 'unreadable');
  const varying = varyingSettings(readable.map(({ settings }) => settings));
  const told = varying.length > 0 ? varying : ['method'];
  const hasReasons = runs.some(({ reason }) => reason !== undefined);
  return plainTable({
    columns: ['run', 'state', ...told, 'test accuracy (%)', ...(hasReasons ? ['reason'] : [])],
    rows: runs.map(({ folder, state, settings, testAccuracy, reason = '' }) => [
      folder,
      state,
      ...told.map((name) => settingText(settings.get(name))),
      testAccuracy === undefined ? '' : (100 * testAccuracy).toFixed(2),
      ...(hasReasons ? [reason] : []),
    ]),
  });
}
