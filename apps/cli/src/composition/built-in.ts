import data from '@winnow/datasets';
import exchange from '@winnow/exchange';
import models from '@winnow/models';
import objectives from '@winnow/objectives';
import observers from '@winnow/observers';
import type { Plugin } from '@winnow/plugin-api';
import pruners from '@winnow/pruners';
import executors from '@winnow/studies/executors';
import prunersOfFiles from '@winnow/pruners/files';
import backends from '@winnow/tensor-backend/node';

/** What comes with Winnow, in the order in which it is listed. */
export const BUILT_IN: readonly Plugin[] = [
  backends,
  models,
  data,
  exchange,
  objectives,
  pruners,
  prunersOfFiles,
  observers,
  executors,
];
