import { describe, expect, it } from '@jest/globals';
import { ABLATIONS, ABLATION_NAMES } from './ablations.ts';

describe('the ablations', () => {
  it('are the checks of the paper, in its order', () => {
    expect(ABLATION_NAMES).toEqual(['shuffle', 'invert', 'reinitialise']);
  });

  it('draw fresh weights for one alone, which a rewind start has none of', () => {
    const fresh = ABLATION_NAMES.filter((name) => ABLATIONS[name].freshWeights !== undefined);
    expect(fresh).toEqual(['reinitialise']);
    for (const name of ABLATION_NAMES) {
      const why = (start: 'init' | 'rewind') => ABLATIONS[name].whyNever?.({ start });
      expect(why('init')).toBeUndefined();
      expect(why('rewind') === undefined).toBe(!fresh.includes(name));
    }
  });

  it('invert only tickets whose scores are there', () => {
    const lacking = { path: 'runs/ltr', scores: 'runs/ltr/no-such-scores.safetensors' };
    const refused = ABLATION_NAMES.filter((name) => ABLATIONS[name].whyNot?.(lacking));
    expect(refused).toEqual(['invert']);
    expect(ABLATIONS.invert.whyNot?.(lacking)).toMatchObject({ code: 'NO_SCORES' });
    const here = { ...lacking, scores: import.meta.filename };
    expect(ABLATIONS.invert.whyNot?.(here)).toBeUndefined();
  });
});
