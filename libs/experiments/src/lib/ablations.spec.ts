import { beforeAll, describe, expect, it } from '@jest/globals';
import { cpu } from '@winnow/tensor-backend';
import { ABLATIONS, ABLATION_NAMES } from './ablations.ts';
import { RunFolder } from './run-folder.ts';
import { memoryRunStore } from './store/memory-run-store.ts';
import { planToy } from './testing/toy-run.ts';

beforeAll(() => cpu.start());

describe('the ablations', () => {
  it('are the checks of the paper, in its order', () => {
    expect(ABLATION_NAMES).toEqual(['shuffle', 'invert', 'reinitialise']);
  });

  it('draw fresh weights for one alone, which a rewind start has none of', () => {
    const fresh = ABLATION_NAMES.filter((name) => ABLATIONS[name].freshWeights !== undefined);
    expect(fresh).toEqual(['reinitialise']);
    for (const name of ABLATION_NAMES) {
      const ablation = ABLATIONS[name];
      expect(ablation.whyNever?.({ start: 'init' })).toBeUndefined();
      const fineTune = { epochs: 1, learningRate: 0.001 };
      for (const trained of [{ start: 'rewind' }, { start: 'init', fineTune }] as const)
        expect(ablation.whyNever?.(trained) === undefined).toBe(!fresh.includes(name));
    }
  });

  it('invert only tickets whose scores are there', async () => {
    const run = new RunFolder(memoryRunStore());
    await run.claim((await planToy({})).config);
    const reasons = await Promise.all(
      ABLATION_NAMES.map(async (name) => ABLATIONS[name].whyNot?.(run)),
    );
    expect(ABLATION_NAMES.filter((_, i) => reasons[i])).toEqual(['invert']);
    expect(await ABLATIONS.invert.whyNot?.(run)).toMatchObject({ code: 'NO_SCORES' });
    await run.writeScores(new Map());
    expect(await ABLATIONS.invert.whyNot?.(run)).toBeUndefined();
  });
});
