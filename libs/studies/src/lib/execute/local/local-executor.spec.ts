import { describe, it } from '@jest/globals';
import { executorConformance } from '@winnow/testing';
import { local } from './local-executor.ts';

describe('local', () => {
  for (const { name, skip, run } of executorConformance(local, { options: { parallel: 2 } }))
    (skip ? it.skip : it)(name, run);
});
