import { parseFilter } from '@winnow/studies';
import { RepeatedOption } from './repeated-option.ts';

/** `--where`, which runs are meant. */
export const whereOption = () =>
  new RepeatedOption(
    '--where <condition>',
    'only runs with SETTING=VALUE,…, SETTING!=VALUE,…, SETTING<NUMBER, >, <= or >=; SETTING= is for runs without it',
    parseFilter,
  );
