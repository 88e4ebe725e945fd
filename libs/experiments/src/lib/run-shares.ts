import type { RunFolder } from './run-folder.ts';

const FILE = 'shares.json';

/** Folders of runs that a run may take work from, where they have done it: relative to its own, with `/` between. */
export interface RunShares {
  /** The same start point. */
  readonly start?: string;
  /** The same ticket, with what finding it left behind. */
  readonly ticket?: string;
  /** A ticket on the way to one of a lower density. */
  readonly rounds?: string;
}

/** Nothing of a run that has none. Throws as `RunFolder.readResult` does. */
export async function readShares(folder: RunFolder): Promise<RunShares> {
  return (await folder.readBeside(FILE)) ?? {};
}

/** Into a folder that is held, unless that is what is there. */
export async function writeShares(folder: RunFolder, shares: RunShares): Promise<void> {
  const known = await readShares(folder);
  const isKnown = (['start', 'ticket', 'rounds'] as const).every((of) => known[of] === shares[of]);
  if (!isKnown) await folder.writeBeside(FILE, shares);
}
