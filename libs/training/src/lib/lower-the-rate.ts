/** What to do where training leaves numbers that are not finite. */
export const LOWER_THE_RATE =
  'Lower the learning rate: learning-rate in a study, --learning-rate of `winnow run` with another --out.';
