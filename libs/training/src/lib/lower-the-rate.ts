/** What to do where training leaves numbers that are not finite. */
export const LOWER_THE_RATE =
  'Lower the learning rate; `winnow run` takes --learning-rate, with another --out.';
