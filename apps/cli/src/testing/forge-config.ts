import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunConfig } from '@winnow/experiments';

/** Changes the configuration of a run as whoever knows its checksum can. */
export async function forgeConfig(
  folder: string,
  change: (config: RunConfig) => object,
): Promise<void> {
  const path = join(folder, 'config.json');
  const { checksum, ...known } = JSON.parse(await readFile(path, 'utf8')) as RunConfig & {
    checksum: string;
  };
  const forged = change(known);
  const seal = createHash('sha256').update(JSON.stringify(forged)).digest('hex');
  await writeFile(path, JSON.stringify({ ...forged, checksum: seal }));
}
