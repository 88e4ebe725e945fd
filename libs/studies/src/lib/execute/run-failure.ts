import { FAILURE, type RunFolder } from '@winnow/experiments';

/** Why a run of a study has no result: `FAILURE` in its folder. */
export interface RunFailure {
  /** One sentence. */
  readonly reason: string;
  /** Of the error that the run ended with. */
  readonly code?: string;
  /** That ended its process. */
  readonly signal?: string;
  /** The last lines that it wrote. */
  readonly log: readonly string[];
  /** ISO 8601. */
  readonly at: string;
}

/** Throws as `RunFolder.readResult` does. */
export async function readFailure(folder: RunFolder): Promise<RunFailure | undefined> {
  return (await folder.readBeside(FAILURE)) as RunFailure | undefined;
}

/** Unless another process works there, or the run came to its result after all. */
export async function writeFailure(folder: RunFolder, failure: RunFailure): Promise<void> {
  await folder.hold(async (held) => {
    if (!(await held.readResult())) await held.writeBeside(FAILURE, failure);
  });
}

/** Lets the run be tried again. Throws RUN_IN_USE. */
export async function forgetFailure(folder: RunFolder): Promise<void> {
  if (await folder.store.has(FAILURE)) await folder.hold((held) => held.store.remove(FAILURE));
}
