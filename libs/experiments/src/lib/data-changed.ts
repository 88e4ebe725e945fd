import { WinnowError } from '@winnow/plugin-api';

/** DATA_CHANGED, for the data set of this name. */
export function dataChanged(name: string): WinnowError {
  return new WinnowError(
    'DATA_CHANGED',
    `The data of "${name}" are not those that the run began on.`,
    { hint: 'Bring the files back as they were, or begin a run in another folder.' },
  );
}
