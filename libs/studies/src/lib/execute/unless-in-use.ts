import { isWinnowError } from '@winnow/plugin-api';

/** Lets others go on with the run that they are at. */
export async function unlessInUse(work: Promise<void>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!isWinnowError(error) || error.code !== 'RUN_IN_USE') throw error;
  });
}
