import { WinnowError } from '@winnow/plugin-api';

/** Of every file in a run folder. Format 1 said neither which run a file is of, nor what its checksum is. */
export const FORMAT = 2;

/** `found` as a file says it. Throws RUN_VERSION where that is another format than this one. */
export function assertFormat(found: unknown, place: string): void {
  if (String(found) === String(FORMAT)) return;
  const older = Number(found) < FORMAT;
  throw new WinnowError(
    'RUN_VERSION',
    `${place} is of format ${String(found)}, and this Winnow reads format ${FORMAT}.`,
    {
      hint: older
        ? 'Go on with the version of Winnow that wrote it, or begin the run again in another folder.'
        : 'Install the version of Winnow that wrote it.',
    },
  );
}
