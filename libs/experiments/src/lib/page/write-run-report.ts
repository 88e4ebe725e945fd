import type { ComponentRegistry } from '@winnow/plugin-api';
import { renderPage } from '@winnow/report';
import { repeatCommand } from '../repeat-command.ts';
import type { RunFolder } from '../run-folder.ts';
import type { RunResult } from '../run-result.ts';
import { runPage } from './run-page.ts';
import { readRunRecord } from './run-record.ts';

/** Writes a run's `report.html`; the registry has its components. Throws as `readRunRecord` does, and FILE_NOT_WRITABLE. */
export async function writeRunReport(
  folder: RunFolder,
  result: RunResult,
  registry: ComponentRegistry,
): Promise<void> {
  const record = await readRunRecord(folder, result, (config) => repeatCommand(config, registry));
  await folder.store.write('report.html', await renderPage(runPage(record)));
}

/**
 * Writes it anew, so that it leads to what has come to lie around it since; not that of a run with plugins, whose
 * components need not be there.
 */
export async function renewRunReport(
  folder: RunFolder,
  registry: ComponentRegistry,
): Promise<void> {
  const [config, result] = [await folder.readConfig(), await folder.readResult()];
  if (result && config?.plugins.length === 0) await writeRunReport(folder, result, registry);
}
