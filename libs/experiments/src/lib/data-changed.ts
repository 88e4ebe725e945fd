import { type GivenOptions, WinnowError } from '@winnow/plugin-api';

/** DATA_CHANGED, for the data set of this name, from where its options say that it lies. */
export function dataChanged(name: string, { dataDir, path = dataDir }: GivenOptions): WinnowError {
  const where = typeof path === 'string' ? ` in ${path}` : '';
  return new WinnowError(
    'DATA_CHANGED',
    `The data of "${name}"${where} are not those that the run began on: files were added, taken away or changed, or lie elsewhere.`,
    {
      hint: 'Bring the files back, give the place of those that the run began on, or begin a run in another folder.',
    },
  );
}

/** DATA_CHANGED, for the files that the options of a method name. */
export function filesChanged(method: string): WinnowError {
  return new WinnowError(
    'DATA_CHANGED',
    `The files that method "${method}" reads are not those that the run was begun with.`,
    { hint: 'Bring them back as they were, or begin a run in another folder.' },
  );
}
